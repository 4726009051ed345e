import Foundation
import Inference

/// What has been told of an answer, so that each reading of it yields what is new.
struct AnswerReport: Sendable {
    private struct Call {
        var id: String
        var arguments = ""
    }

    private let waitsForIDs: Bool
    private var reasoning = ""
    private var content = ""
    private var calls: [Call] = []

    /// - Parameter waitsForIDs: whether the model gives its calls ids, which may come after the arguments.
    init(waitsForIDs: Bool) { self.waitsForIDs = waitsForIDs }

    var hasReasoning: Bool { !reasoning.isEmpty }
    var hasOnlyReasoning: Bool { content.isEmpty && calls.isEmpty }

    var argumentsAreJSON: Bool {
        calls.allSatisfy { (try? JSONReader.read($0.arguments, maximumDepth: 512)) != nil }
    }

    /// - Parameter isWhole: whether nothing more will come.
    mutating func add(_ answer: AnswerFormat.Answer, isWhole: Bool) -> [AnswerDelta] {
        var deltas: [AnswerDelta] = []
        if let more = Self.extend(&reasoning, to: answer.reasoning) { deltas.append(AnswerDelta(reasoning: more)) }
        if let more = Self.extend(&content, to: answer.content) { deltas.append(AnswerDelta(text: more)) }
        for (index, call) in answer.calls.enumerated() {
            let isComplete = isWhole || index < answer.calls.count - 1
            guard index <= calls.count, !call.name.isEmpty else { break }
            if waitsForIDs, index == calls.count, call.id.isEmpty, !isComplete { break }
            deltas += add(call, index, isComplete: isComplete).map { AnswerDelta(toolCall: $0) }
        }
        return deltas
    }

    private mutating func add(
        _ call: AnswerFormat.Answer.Call, _ index: Int, isComplete: Bool
    ) -> [ToolCallDelta] {
        var delta = ToolCallDelta(index: index)
        if index == calls.count {
            calls.append(Call(id: call.id.isEmpty ? Self.freshID() : call.id))
            delta.id = calls[index].id
            delta.name = call.name
        }
        let arguments = isComplete && call.arguments.isEmpty ? "{}" : call.arguments
        delta.arguments = Self.extend(&calls[index].arguments, to: arguments) ?? ""
        return delta.id == nil && delta.arguments.isEmpty ? [] : [delta]
    }

    /// What is new, where the text goes on as it began. A reading of an unfinished answer can be another in hindsight;
    /// nothing is taken back, and the next reading decides.
    private static func extend(_ text: inout String, to longer: String) -> String? {
        guard longer.utf8.count > text.utf8.count, longer.utf8.starts(with: text.utf8) else { return nil }
        defer { text = longer }
        return String(decoding: longer.utf8.dropFirst(text.utf8.count), as: UTF8.self)
    }

    /// What of the answer's own text comes after the thoughts and the text that were told. Of a call that was told in
    /// part, and turned out to be none, all is text.
    func untold(of text: String) -> String { rest(of: text, after: [reasoning, content]) }

    /// What of the answer's own text comes after the thoughts.
    func unreasoned(of text: String) -> String { rest(of: text, after: [reasoning]) }

    private func rest(of text: String, after pieces: [String]) -> String {
        var rest = text[...]
        for piece in pieces where !piece.isEmpty {
            if let found = rest.firstRange(of: piece) { rest = rest[found.upperBound...] }
        }
        return String(rest)
    }

    private static func freshID() -> String {
        let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return "call_" + String((0..<24).compactMap { _ in characters.randomElement() })
    }
}
