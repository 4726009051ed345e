import Inference

extension ChatRequest {
    /// The same conversation with a marker where each attachment stands, and no attachments.
    package func marking(attachments marker: String) -> ChatRequest {
        var request = self
        for index in request.messages.indices { request.messages[index].mark(attachments: marker) }
        return request
    }
}

extension ChatMessage {
    fileprivate mutating func mark(attachments marker: String) {
        guard !attachments.isEmpty else { return }
        let text = Array(content.utf8)
        var marked: [UInt8] = []
        var position = 0
        for attachment in attachments {
            let end = min(max(attachment.position, position), text.count)
            marked += text[position..<end] + Array(marker.utf8)
            position = end
        }
        content = String(decoding: marked + text[position...], as: UTF8.self)
        attachments = []
    }
}
