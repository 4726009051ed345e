import Foundation
import HTTPTypes
import Hummingbird
import Inference
import NIOCore
import Server
import TestSupport
import Testing

@Suite("A picture to be enlarged", .hangGuard)
struct ImageVariationTests {
    static let square = PictureFiles.png(4, 4)

    @Test(
        "is given to the model as it came, and its larger self comes back as base64",
        arguments: [
            PictureFiles.png(4, 4), PictureFiles.jpeg(4, 4), PictureFiles.webP(4, 4), PictureFiles.png(4_096, 4_096),
        ], ["/v1", "/v1/openai"])
    func enlarged(file: [UInt8], base: String) async throws {
        let runners = FakeRunners()
        let before = secondsSince1970
        let reply = try await Surface(runners).vary([FormPart("image", file)], base: base)
        #expect(reply.status == 200)
        #expect(runners.pictures.received == [file])
        let created = try #require(try reply.json()["created"] as? Int)
        #expect(created >= before && created <= secondsSince1970)
        let content = Data("a large picture".utf8).base64EncodedString()
        #expect(reply.body == #"{"created":\#(created),"data":[{"b64_json":"\#(content)"}]}"#)
    }

    @Test("may come with every field, in any order, beside fields that nobody knows")
    func fields() async throws {
        let runners = FakeRunners()
        let parts = [
            FormPart("size", "16x16"), FormPart("wizard", Array(repeating: 7, count: 100_000)), FormPart("n", "1"),
            FormPart("response_format", "b64_json"), FormPart("image", Self.square), FormPart("wizard", "again"),
            FormPart("user", "me"), FormPart("model", "enlarger"),
        ]
        #expect(try await Surface(runners).vary(parts).status == 200)
        #expect(runners.pictures.received == [Self.square])
    }

    @Test("is taken in however the body is cut", arguments: [1, 7, 50, 100_000])
    func pieces(size: Int) async throws {
        let runners = FakeRunners()
        let file = PictureFiles.png(4, 4, bytes: 300)
        #expect(try await Surface(runners).vary([FormPart("image", file)], pieces: size).status == 200)
        #expect(runners.pictures.received == [file])
    }

    @Test(
        "is refused where its file is not what it has to be, before any model is asked",
        arguments: [
            (PictureFiles.gif, "found GIF"), ([], "it is empty"),
            (Array("I am a picture".utf8), "found something else"),
            (Array(PictureFiles.jpeg(4, 4).dropLast(2)), "cut short"),
            (Array(PictureFiles.png(4, 4).dropLast(9)), "cut short"),
            (PictureFiles.png(0, 0), "no pixels"), (PictureFiles.png(4, 5), "found 4 × 5 pixels"),
            (PictureFiles.webP(9, 3), "found 9 × 3 pixels"),
        ] as [([UInt8], String)])
    func wrongFiles(file: [UInt8], words: String) async throws {
        let runners = FakeRunners()
        let reply = try await Surface(runners).vary([FormPart("image", file)])
        #expect(reply.status == 400)
        #expect(try reply.error("param") == "image")
        #expect(try reply.error("code") == "invalid_value")
        #expect(try #require(try reply.error("message")).contains(words))
        #expect(runners.pictures.received.isEmpty)
    }

    @Test(
        "is too large once decoded",
        arguments: [
            PictureFiles.png(60_000, 60_000), PictureFiles.jpeg(5_000, 5_000), PictureFiles.png(4_096, 4_097),
        ])
    func tooManyPixels(file: [UInt8]) async throws {
        let runners = FakeRunners()
        let reply = try await Surface(runners).vary([FormPart("image", file)])
        #expect(reply.status == 413)
        #expect(try reply.error("param") == "image")
        let message = try #require(try reply.error("message"))
        #expect(message.contains(" × ") && message.contains("16777216 pixels"))
        #expect(runners.pictures.received.isEmpty)
    }

    @Test("is too large a file, which is told before all of it has come")
    func tooManyBytes() async throws {
        let runners = FakeRunners()
        let (body, source) = RequestBody.makeStream()
        let surface = try await Surface(runners)
        async let reply = surface.call(
            .post, "/v1/images/variations", body: body,
            headers: [.contentType: "multipart/form-data; boundary=b", .transferEncoding: "chunked"])
        await source.yield(ByteBuffer(string: "--b\r\nContent-Disposition: form-data; name=image\r\n\r\n"))
        for _ in 0..<25 { await source.yield(ByteBuffer(repeating: 1, count: 1_000_000)) }
        await source.yield(ByteBuffer(repeating: 1, count: 1))
        // The body has not ended when the reply comes.
        let refused = try await reply
        source.finish()
        #expect(refused.status == 413)
        #expect(try refused.error("code") == "file_too_large")
        #expect(try refused.error("message")?.contains("25000000 bytes") == true)
        #expect(refused.headers[.connection] == "close")
    }

    @Test(
        "is refused with the field's name",
        arguments: [
            ([FormPart("model", "enlarger")], "image", "missing_required_parameter"),
            ([FormPart("image", square), FormPart("image", square)], "image", "invalid_value"),
            ([FormPart("image", square), FormPart("n", "2")], "n", "unsupported_value"),
            ([FormPart("image", square), FormPart("n", "11")], "n", "out_of_range"),
            ([FormPart("image", square), FormPart("n", "one")], "n", "invalid_type"),
            ([FormPart("image", square), FormPart("response_format", "url")], "response_format", "unsupported_value"),
            ([FormPart("image", square), FormPart("response_format", "png")], "response_format", "invalid_value"),
            ([FormPart("image", square), FormPart("size", "large")], "size", "invalid_value"),
            ([FormPart("image", square), FormPart("size", "256x256")], "size", "invalid_value"),
            ([FormPart("image", square), FormPart("model", "")], "model", "invalid_value"),
            ([FormPart("image", square), FormPart("model", [0xFF])], "model", "invalid_value"),
            (
                [FormPart("image", square), FormPart("user", Array(repeating: 0x61, count: 4_097))], "user",
                "out_of_range"
            ),
            ([FormPart("image", square), FormPart("model", "tiny")], "model", "invalid_value"),
        ])
    func wrongFields(parts: [FormPart], param: String, code: String) async throws {
        let runners = FakeRunners()
        let reply = try await Surface(runners).vary(parts)
        #expect(reply.status == 400)
        #expect(try reply.error("param") == param)
        #expect(try reply.error("code") == code)
        #expect(runners.pictures.received.isEmpty)
    }

    @Test("is refused with all faults of the form at once")
    func allFaults() async throws {
        let reply = try await Surface(FakeRunners()).vary([FormPart("n", "0"), FormPart("response_format", "url")])
        let message = try #require(try reply.error("message"))
        for field in ["image: ", "n: ", "response_format: "] { #expect(message.contains(field)) }
    }

    @Test("names a model that is not installed by its dialect's status")
    func unknownModel() async throws {
        let parts = [FormPart("image", Self.square), FormPart("model", "none")]
        #expect(try await Surface(FakeRunners()).vary(parts).status == 404)
        #expect(try await Surface(FakeRunners()).vary(parts, base: "/v1/openai").status == 400)
    }

    @Test(
        "is refused as anything but a form",
        arguments: [
            ("application/json", 415), ("multipart/form-data", 400), ("image/png", 415),
        ])
    func otherTypes(type: String, status: Int) async throws {
        let reply = try await Surface(FakeRunners()).call(
            .post, "/v1/images/variations", body: "{}", headers: [.contentType: type])
        #expect(reply.status == status)
    }

    @Test("is named where the model cannot read it after all")
    func unreadable() async throws {
        let runners = FakeRunners(
            pictures: FakeUpscaling { _ in throw InferenceError(.invalidRequest, "The picture is damaged.") })
        let reply = try await Surface(runners).vary([FormPart("image", Self.square)])
        #expect(reply.status == 400)
        #expect(try reply.error("param") == "image")
    }

    @Test("is given up when its client leaves")
    func departure() async throws {
        let work = EndlessWork()
        let runners = FakeRunners(pictures: FakeUpscaling { _ in try await work.run() })
        try await withServer(runners) { port, _ in
            try await RawConnection.open(port: port) { connection in
                let form = FormPart.body([FormPart("image", PictureFiles.png(4, 4))])
                try await connection.post(
                    "/v1/images/variations", bytes: form, type: "multipart/form-data; boundary=\(FormPart.boundary)")
                await work.hasBegun()
            }
            await work.isGivenUp()
        }
    }
}

extension Surface {
    /// Asks for a variation of an image, by a form that arrives in pieces of this size.
    func vary(_ parts: [FormPart], base: String = "/v1", pieces size: Int = 1 << 20) async throws -> Reply {
        try await send(FormPart.body(parts), to: base + "/images/variations", pieces: size)
    }
}
