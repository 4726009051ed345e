import Inference
import NIOCore

extension GenerationRequest {
    var hasAttachments: Bool {
        guard case .chat(let chat) = self else { return false }
        return chat.messages.contains { !$0.attachments.isEmpty }
    }

    /// - Throws: ``InferenceError`` of kind `internal` where the message is not what ``framed()`` makes.
    init(framed message: ByteBuffer) throws {
        var (header, payload) = try FramedMessage.decode(RunnerRoute.GenerationInputs.self, from: message)
        var counts = header.attachments[...]
        try header.request.eachAttachment { attachment in
            guard let count = counts.popFirst(), count >= 0, let data = payload.readBytes(length: count) else {
                throw FramedMessage.cutShort
            }
            attachment.data = data
        }
        self = header.request
    }

    func framed() throws -> ByteBuffer {
        var header = RunnerRoute.GenerationInputs(request: self, attachments: [])
        var payload: [UInt8] = []
        var counts: [Int] = []
        header.request.eachAttachment { attachment in
            counts.append(attachment.data.count)
            payload += attachment.data
            attachment.data = []
        }
        header.attachments = counts
        return try payload.withUnsafeBytes { try FramedMessage.encode(header, payload: $0) }
    }

    private mutating func eachAttachment(_ body: (inout Attachment) throws -> Void) rethrows {
        guard case .chat(var chat) = self else { return }
        for message in chat.messages.indices {
            for index in chat.messages[message].attachments.indices {
                try body(&chat.messages[message].attachments[index])
            }
        }
        self = .chat(chat)
    }
}
