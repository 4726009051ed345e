import Inference

/// What a response answers: a text of the user's, or the items of a conversation so far.
struct ResponseInput: Decodable, Sendable {
    let items: [ResponseInputItem]

    static let expected = "a string or an array of items"

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            items = [.message(role: .user, text: text)]
            return
        }
        let before = decoder.faults.count
        guard let elements = try? [Checked<ResponseInputItem>](from: decoder) else {
            let found = JSONKind(from: decoder).rawValue
            decoder.faults.add(.wrongType, at: decoder.codingPath, "expected \(Self.expected), found \(found)")
            throw FaultGathered()
        }
        if elements.isEmpty {
            decoder.faults.add(.outOfRange, at: decoder.codingPath, "expected at least 1 item, found 0")
        }
        items = elements.compactMap(\.value)
        // Calls and their results can be matched only where every item could be read.
        if decoder.faults.count == before { Self.checkCalls(items, decoder) }
    }

    /// The result of a call follows the call.
    private static func checkCalls(_ items: [ResponseInputItem], _ decoder: any Decoder) {
        var called: Set<String> = []
        for (index, item) in items.enumerated() {
            switch item {
            case .functionCall(let call):
                called.insert(call.id)
            case .functionCallOutput(let id, output: _) where !called.contains(id):
                decoder.faults.add(
                    .invalidValue, at: decoder.codingPath + [AnyKey(intValue: index), AnyKey(stringValue: "call_id")],
                    "belongs to no `function_call` before it")
            default:
                break
            }
        }
    }
}
