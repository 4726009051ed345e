import Foundation
import HTTPTypes
import Hummingbird
import Inference
import NIOCore
import Server
import TestSupport
import Testing

@Suite("A file that comes with a request", .hangGuard)
struct UploadTests {
    /// Larger than what is held in memory.
    private static let large = SoundFiles.wav(samples: 1_000_000)

    @Test("is its user's alone while the model reads it, and gone afterwards", arguments: [false, true])
    func success(isLarge: Bool) async throws {
        let runners = FakeRunners()
        let surface = try await Surface(runners)
        #expect(try await surface.transcribe(file: isLarge ? Self.large : SoundFiles.wav()).status == 200)
        let asked = try #require(runners.speech.received.first)
        #expect(asked.permissions == 0o600)
        #expect(asked.path.hasPrefix(surface.uploads.parent + "/"))
        try await surface.uploads.areGone()
    }

    @Test(
        "is gone after an error as well",
        arguments: [
            [FormPart("temperature", "7")], [FormPart("model", "again")], [],
        ])
    func failure(fields: [FormPart]) async throws {
        let speech = FakeTranscription(refusing: InferenceError(.internal, "Broken."))
        let surface = try await Surface(FakeRunners(speech: speech))
        #expect(try await surface.transcribe(fields, file: Self.large).status >= 400)
        try await surface.uploads.areGone()
    }

    @Test("is gone after a stream that fails")
    func failedStream() async throws {
        let speech = FakeTranscription([], then: InferenceError(.internal, "Broken."))
        let surface = try await Surface(FakeRunners(speech: speech))
        _ = try await surface.transcribe([FormPart("stream", "true")], file: Self.large)
        try await surface.uploads.areGone()
    }

    @Test("has a name of ours, whatever its sender calls it")
    func names() async throws {
        let runners = FakeRunners()
        let surface = try await Surface(runners)
        let escape = try TemporaryFolder()
        let name = "../../../../../../../..\(escape.path)/escape"
        let head =
            "--\(FormPart.boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n"
        let form = Array(head.utf8) + Self.large + [0x0D, 0x0A] + FormPart.body([FormPart("model", "listener")])
        #expect(try await surface.send(form, to: "/v1/audio/transcriptions").status == 200)
        let path = try #require(runners.speech.received.first?.path)
        #expect(!path.contains("escape"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: escape.path).isEmpty)
    }

    @Test("is on disk while the rest of it is on its way, and gone when the body breaks off")
    func brokenOff() async throws {
        let (body, source) = RequestBody.makeStream()
        let surface = try await Surface(FakeRunners())
        async let reply = surface.call(
            .post, "/v1/audio/transcriptions", body: body,
            headers: [.contentType: "multipart/form-data; boundary=b", .transferEncoding: "chunked"])
        await source.yield(ByteBuffer(string: "--b\r\nContent-Disposition: form-data; name=file\r\n\r\n"))
        await source.yield(ByteBuffer(repeating: 1, count: 3 << 20))
        try await eventually("the file is on disk") { !surface.uploads.files.isEmpty }
        source.finish()
        #expect(try await reply.status == 400)
        try await surface.uploads.areGone()
    }

    @Test("is too large, which is told before all of it has come")
    func tooLarge() async throws {
        let (body, source) = RequestBody.makeStream()
        let surface = try await Surface(FakeRunners(), flags: ["server.sound-limit": .number(2 << 20)])
        async let reply = surface.call(
            .post, "/v1/audio/transcriptions", body: body,
            headers: [.contentType: "multipart/form-data; boundary=b", .transferEncoding: "chunked"])
        await source.yield(ByteBuffer(string: "--b\r\nContent-Disposition: form-data; name=file\r\n\r\n"))
        await source.yield(ByteBuffer(repeating: 1, count: 2 << 20))
        await source.yield(ByteBuffer(repeating: 1, count: 100))
        // The body has not ended when the reply comes.
        let refused = try await reply
        source.finish()
        #expect(refused.status == 413)
        #expect(try refused.error("param") == "file")
        #expect(try refused.error("message")?.contains("\(2 << 20) bytes") == true)
        try await surface.uploads.areGone()
    }

    @Test("is too large by what the request's head says")
    func tooLongABody() async throws {
        let surface = try await Surface(FakeRunners(), flags: ["server.sound-limit": .number(2 << 20)])
        let reply = try await surface.call(
            .post, "/v1/audio/transcriptions", body: RequestBody(buffer: ByteBuffer()),
            headers: [.contentType: "multipart/form-data; boundary=b", .contentLength: "\((3 << 20) + 1)"])
        #expect(reply.status == 413)
        #expect(try reply.error("message")?.contains("server.sound-limit") == true)
    }

    @Test("may be larger than other bodies")
    func largerThanBodies() async throws {
        let surface = try await Surface(FakeRunners(), flags: ["server.body-limit": .number(100_000)])
        #expect(try await surface.transcribe(file: Self.large).status == 200)
    }

    @Test("is given up and removed when its client leaves")
    func departure() async throws {
        let work = EndlessWork()
        let runners = FakeRunners(speech: FakeTranscription { _ in try await work.run() })
        try await withServer(runners) { port, _ in
            try await RawConnection.open(port: port) { connection in
                let form = FormPart.body([FormPart("file", Self.large), FormPart("model", "listener")])
                try await connection.post(
                    "/v1/audio/transcriptions", bytes: form,
                    type: "multipart/form-data; boundary=\(FormPart.boundary)")
                await work.hasBegun()
            }
            await work.isGivenUp()
            let path = try #require(runners.speech.received.first?.path)
            try await eventually("the file has gone") { !FileManager.default.fileExists(atPath: path) }
        }
    }

    @Test("of a server that was killed goes when the next one starts, and that of one that lives stays")
    func leftovers() async throws {
        let uploads = try TemporaryUploads()
        let parent = uploads.parent
        let left = parent + "/123-left"
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
        try Data([1]).write(to: URL(filePath: left + "/a"))
        let before = try FileManager.default.contentsOfDirectory(atPath: parent)
        #expect(before.count == 2)
        var next: UploadFolder? = try UploadFolder(in: parent)
        #expect(!FileManager.default.fileExists(atPath: left))
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent).count == 2)
        withExtendedLifetime(next) {}
        next = nil
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent).count == 1)
    }

    @Test("lies where only its user may go")
    func permissions() throws {
        let uploads = try TemporaryUploads()
        let parent = uploads.parent
        chmod(parent, 0o755)
        let folder = try UploadFolder(in: parent)
        defer { withExtendedLifetime(folder) {} }
        for path in try [parent] + FileManager.default.contentsOfDirectory(atPath: parent).map({ "\(parent)/\($0)" }) {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
        }
    }

    @Test("cannot be kept in a folder that is a link")
    func links() throws {
        let uploads = try TemporaryUploads()
        let link = uploads.parent + "-link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: uploads.parent)
        #expect(throws: UploadFault.self) { try UploadFolder(in: link) }
    }
}
