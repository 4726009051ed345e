import Foundation
import HTTPTypes
import Inference
import Testing

@Suite("Pictures and sounds in messages")
struct ChatMediaTests {
    /// One picture of one pixel.
    private static let picture: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8,
        2,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0, 0, 0, 0,
    ]

    private static func image(_ bytes: [UInt8], type: String = "image/png") -> String {
        #"{"type": "image_url", "image_url": {"url": "data:\#(type);base64,\#(Data(bytes).base64EncodedString())"}}"#
    }

    private func ask(_ parts: String, _ chat: FakeChat = FakeChat([.end()]), model: String = "eyes") async throws
        -> Surface.Reply
    {
        try await Surface(chat, sees: true).call(
            .post, "/v1/chat/completions",
            body: #"{"model": "\#(model)", "messages": [{"role": "user", "content": [\#(parts)]}]}"#)
    }

    @Test("A model with a projector gets the files, each where its part stands")
    func places() async throws {
        let chat = FakeChat([.end()])
        let text = #"{"type": "text", "text": "ü"}"#
        let reply = try await ask(
            [Self.image(Self.picture), text, Self.image(Self.picture)].joined(separator: ","), chat)
        #expect(reply.status == 200)
        let message = try #require(chat.received.first?.messages.first)
        #expect(message.content == "\nü\n")
        #expect(
            message.attachments == [
                Inference.Attachment(
                    .image, data: Self.picture, position: 0, field: "messages[0].content[0].image_url.url"),
                Inference.Attachment(
                    .image, data: Self.picture, position: 4, field: "messages[0].content[2].image_url.url"),
            ])
    }

    @Test("A file that is no picture, cut short or too large is refused, and nothing is started")
    func unreadable() async throws {
        var huge = Self.picture
        huge.replaceSubrange(16..<24, with: [0, 1, 0, 0, 0, 1, 0, 0])
        for bytes in [Array("hello".utf8), Array(Self.picture.dropLast(8)), huge] {
            let chat = FakeChat([.end()])
            let reply = try await ask(Self.image(bytes), chat)
            #expect(reply.status == 400)
            #expect(try reply.error("param") == "messages[0].content[0].image_url.url")
            #expect(try reply.error("code") == "invalid_value")
            #expect(chat.generations.isEmpty)
        }
    }

    @Test("A sound that is none is refused by its field")
    func unreadableSound() async throws {
        let reply = try await ask(#"{"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}}"#)
        #expect(reply.status == 400)
        #expect(try reply.error("param") == "messages[0].content[0].input_audio.data")
    }

    @Test("A model without a projector refuses them by their part, and nothing is started")
    func noProjector() async throws {
        let chat = FakeChat([.end()])
        let reply = try await ask(Self.image(Self.picture), chat, model: "tiny")
        #expect(reply.status == 400)
        #expect(try reply.error("param") == "messages[0].content[0]")
        #expect(try reply.error("message")?.contains("no projector") == true)
        #expect(chat.generations.isEmpty)
    }

    @Test("A picture elsewhere on the network is not fetched")
    func notFetched() async throws {
        let reply = try await ask(#"{"type": "image_url", "image_url": {"url": "http://127.0.0.1/a.png"}}"#)
        #expect(try reply.error("param") == "messages[0].content[0].image_url.url")
        #expect(try reply.error("message")?.contains("fetches nothing") == true)
    }
}
