import Inference
import LlamaEngine
import Testing

@Suite("Markers of attachments")
struct ChatMarkerTests {
    private func marked(_ content: String, _ positions: [Int]) -> ChatMessage {
        let message = ChatMessage(
            role: .user, content: content,
            attachments: positions.map { Inference.Attachment(.image, data: [1], position: $0) })
        return ChatRequest(messages: [message]).marking(attachments: "<m>").messages[0]
    }

    @Test("A marker stands where its attachment does")
    func places() {
        #expect(marked("\nWhat?", [0]).content == "<m>\nWhat?")
        #expect(marked("What?\n", [6]).content == "What?\n<m>")
        #expect(marked("\nü\n", [0, 4]).content == "<m>\nü\n<m>")
        #expect(marked("", [0, 0]).content == "<m><m>")
    }

    @Test("The attachments themselves are gone, and other messages as they were")
    func attachmentsLeave() {
        #expect(marked("a", [1]).attachments.isEmpty)
        #expect(marked("a", []) == ChatMessage(role: .user, content: "a"))
    }
}
