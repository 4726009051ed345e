import CLlama
import Foundation
import Inference
import LlamaEngine

/// Tries grammars on a real vocabulary: texts as a tokenizer cuts them, and texts made of tokens drawn at random.
struct GrammarProbe {
    static let qwen = try? GrammarProbe(file: "ggml-vocab-qwen2.gguf")
    static let chatML = """
        {%- for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}\
        {%- endfor %}{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{%- endif %}
        """

    let model: LlamaModel
    let tokenizer: Tokenizer
    let pieces: PieceOrder
    /// Ends an answer.
    let end: Int32
    /// Those that stand for one or two characters of ASCII.
    private let shortTokens: [Int32]

    init(file: String) throws {
        let vocabulary = try Vocabulary.named(file)
        let tokenizer = vocabulary.tokenizer
        model = vocabulary.model
        self.tokenizer = tokenizer
        pieces = PieceOrder(tokenizer)
        let all = 0..<Int32(tokenizer.vocabularySize)
        end = all.first(where: tokenizer.endsGeneration) ?? 0
        shortTokens = all.filter { token in
            let piece = tokenizer.piece(of: token)
            return (1...2).contains(piece.count) && piece.allSatisfy { $0 < 0x80 }
        }
    }

    /// Whether a text is one of the grammar's, from its beginning to its end.
    func accepts(_ source: GrammarSource, _ text: String) throws -> Bool {
        let grammar = try Grammar(source, model: model, pieces: pieces)
        for token in try tokenizer.tokens(of: text, addingSpecial: false, readingMarkers: true) {
            guard grammar.allows(token) else { return false }
            try grammar.accept(token)
        }
        return grammar.allows(end)
    }

    /// A text of the grammar's, of tokens drawn at random that stand for at most two characters of ASCII; it ends where
    /// it may with some chance. `nil` where it grew too long.
    func draw(
        _ source: GrammarSource, with generator: inout some RandomNumberGenerator, maximumTokens: Int = 300
    ) throws -> String? {
        let grammar = try Grammar(source, model: model, pieces: pieces)
        let tokens = shortTokens
        var bytes: [UInt8] = []
        for _ in 0..<maximumTokens {
            let allowed = tokens.shuffled(using: &generator).prefix(300).filter(grammar.allows)
            let all = allowed.isEmpty ? tokens.filter(grammar.allows) : Array(allowed)
            if grammar.allows(end), all.isEmpty || Int.random(in: 0..<3, using: &generator) == 0 {
                return String(validating: bytes, as: UTF8.self)
            }
            // Quotes, brackets and commas bring a text to its end.
            let closing = all.filter { token in tokenizer.piece(of: token).contains { "\"]}".utf8.contains($0) } }
            let drawn = Int.random(in: 0..<3, using: &generator) == 0 && !closing.isEmpty ? closing : all
            guard let token = drawn.randomElement(using: &generator) else { return nil }
            try grammar.accept(token)
            bytes += tokenizer.piece(of: token)
        }
        return nil
    }
}
