import CLlamaShim
import Foundation
import Inference

/// A model's format of answers, and the reader of it. Many answers share one.
final class AnswerFormat: Sendable {
    /// What an answer was found to be.
    struct Answer: Decodable {
        struct Call: Decodable {
            var id: String
            var name: String
            var arguments: String
        }

        var content: String
        var reasoning: String
        var toolCalls: [Call]

        var calls: [Call] { toolCalls }
    }

    /// Whether a model of this format thinks before it answers.
    let thinks: Bool
    /// Whether calls have ids of the model's.
    let hasIDs: Bool
    private let reader: Reader
    private let marks: [[UInt8]]
    private let thinkingEnds: [String]

    /// The library only reads a parser once it is made.
    private struct Reader: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    init(_ rendering: TemplateHandle.Rendering) throws {
        var reason: UnsafeMutablePointer<CChar>?
        guard
            let pointer = dpais_answer_parser_create(
                rendering.parser, rendering.format, rendering.generationPrompt, &reason)
        else {
            throw InferenceError(.internal, "The model's format cannot be read: \(text(taking: reason)).")
        }
        reader = Reader(pointer: pointer)
        thinks = rendering.thinks
        hasIDs = rendering.parser.contains(#""tool-id""#)
        thinkingEnds = rendering.thinkingEnds
        let words = rendering.triggers.filter { $0.kind == "word" }.map(\.text)
        let thinking = rendering.thinks ? [rendering.thinkingStart] + rendering.thinkingEnds : []
        marks = (words + thinking).filter { !$0.isEmpty }.map { Array($0.utf8) }
    }

    deinit { dpais_answer_parser_free(reader.pointer) }

    /// `nil` where the text does not have the format.
    func read(_ text: String, isPartial: Bool) -> Answer? {
        var text = text
        let reply = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                dpais_answer_parser_parse(reader.pointer, $0.baseAddress, $0.count, isPartial, nil)
            }
        }
        var answer = reply.flatMap { try? TemplateHandle.decode(Answer.self, $0) }
        // The line ends between thoughts and their marks are the format's.
        answer?.reasoning.trimWhiteSpace()
        return answer
    }

    /// How many of the last characters may become one of the format's marks.
    func lengthOfPartialMark(at content: String) -> Int {
        let tail = content.utf8.suffix(marks.map(\.count).max() ?? 0)
        let length =
            marks.map { mark in
                (1..<mark.count).last { tail.count >= $0 && mark.starts(with: tail.suffix($0)) } ?? 0
            }.max() ?? 0
        return length == 0 ? 0 : String(content.utf8.suffix(length))?.count ?? 0
    }

    /// Whether a text is the beginning of a mark, and not all of it.
    func isPartialMark(_ text: String) -> Bool {
        !text.isEmpty && marks.contains { $0.count > text.utf8.count && $0.starts(with: text.utf8) }
    }

    /// Bytes of the text up to and with the mark that ends the thinking.
    func endOfThinking(in text: String) -> Int? {
        thinkingEnds.filter { !$0.isEmpty }.compactMap { text.firstRange(of: $0)?.upperBound }.min()
            .map { text.utf8.distance(from: text.startIndex, to: $0) }
    }
}

extension String {
    fileprivate mutating func trimWhiteSpace() {
        guard let end = lastIndex(where: { !$0.isWhitespace }) else { return removeAll() }
        self = String(self[...end].drop(while: \.isWhitespace))
    }
}
