import CLlama
import Inference

/// Text to the model's tokens, and tokens to the bytes they stand for.
///
/// The bytes of every token are looked up once at start: on the path of a generated token there is no call into the
/// library and no allocation.
package struct Tokenizer: TokenPieces {
    private let model: LlamaModel
    private let bytes: [UInt8]
    /// `bytes[offsets[token]..<offsets[token + 1]]` are the token's.
    private let offsets: [Int32]
    private let endsGeneration: [Bool]
    /// How tokens are written that stand for no bytes.
    private let markers: [Int32: [UInt8]]
    /// Tokens that the model's file forbids to generate.
    let suppressed: [Int32]

    package init(_ model: LlamaModel) {
        let count = Int(llama_vocab_n_tokens(model.vocabulary))
        var bytes: [UInt8] = []
        var offsets: [Int32] = [0]
        var endsGeneration: [Bool] = []
        bytes.reserveCapacity(count * 8)
        offsets.reserveCapacity(count + 1)
        endsGeneration.reserveCapacity(count)
        var markers: [Int32: [UInt8]] = [:]
        for token in 0..<Int32(count) {
            let piece = Self.piece(of: token, in: model, readingMarkers: false)
            bytes += piece
            if piece.isEmpty { markers[token] = Self.piece(of: token, in: model, readingMarkers: true) }
            offsets.append(Int32(bytes.count))
            endsGeneration.append(llama_vocab_is_eog(model.vocabulary, token))
        }
        var suppressedCount: Int32 = 0
        let suppressed = llama_vocab_get_suppress_tokens(model.vocabulary, &suppressedCount)

        self.model = model
        self.bytes = bytes
        self.offsets = offsets
        self.endsGeneration = endsGeneration
        self.markers = markers
        self.suppressed = Array(
            UnsafeBufferPointer(start: suppressed, count: suppressed == nil ? 0 : Int(suppressedCount)))
    }

    private static func piece(of token: Int32, in model: LlamaModel, readingMarkers: Bool) -> [UInt8] {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { short in
            let length = llama_token_to_piece(model.vocabulary, token, short.baseAddress, 64, 0, readingMarkers)
            guard length < 0 else { return short.prefix(Int(length)).map { UInt8(bitPattern: $0) } }
            var long = [CChar](repeating: 0, count: Int(-length))
            _ = llama_token_to_piece(model.vocabulary, token, &long, Int32(long.count), 0, readingMarkers)
            return long.map { UInt8(bitPattern: $0) }
        }
    }

    /// How many tokens there are; ids are below it.
    package var vocabularySize: Int { endsGeneration.count }

    /// The bytes a token stands for; none for control tokens. A character may span several tokens.
    package func piece(of token: Int32) -> ArraySlice<UInt8> {
        bytes[Int(offsets[Int(token)])..<Int(offsets[Int(token) + 1])]
    }

    /// The bytes a token stands for, control tokens by the marker that writes them in a text.
    package func written(_ token: Int32) -> ArraySlice<UInt8> {
        let piece = piece(of: token)
        return piece.isEmpty ? markers[token, default: []][...] : piece
    }

    /// Whether the model ends its answer with this token.
    package func endsGeneration(_ token: Int32) -> Bool { endsGeneration[Int(token)] }

    /// The one token that a text is the written form of; `nil` where it is none or several.
    func token(writtenAs text: String) -> Int32? {
        guard let tokens = try? tokens(of: text, addingSpecial: false, readingMarkers: true), tokens.count == 1 else {
            return nil
        }
        return tokens[0]
    }

    /// The tokens of a rendered prompt; markers of control tokens in the text become those tokens.
    func tokens(of prompt: String) throws -> [Int32] {
        try tokens(of: prompt, addingSpecial: true, readingMarkers: true)
    }

    /// - Parameters:
    ///   - addingSpecial: whether what the model puts before and after every text is added.
    ///   - readingMarkers: whether the written form of a control token becomes that token, or stays plain text.
    package func tokens(of prompt: String, addingSpecial: Bool, readingMarkers: Bool) throws -> [Int32] {
        var prompt = prompt
        return try prompt.withUTF8 { text in
            try text.withMemoryRebound(to: CChar.self) { text in
                guard text.count < Int32.max else {
                    throw InferenceError(
                        .contextLengthExceeded, "The prompt is too long to be read.", parameter: "messages")
                }
                // A token is at least a byte of text, but for what is added before and after.
                var tokens = [Int32](repeating: 0, count: text.count + 8)
                var count = llama_tokenize(
                    model.vocabulary, text.baseAddress, Int32(text.count), &tokens, Int32(tokens.count), addingSpecial,
                    readingMarkers)
                if count < 0, count != Int32.min {
                    tokens = [Int32](repeating: 0, count: Int(-count))
                    count = llama_tokenize(
                        model.vocabulary, text.baseAddress, Int32(text.count), &tokens, Int32(tokens.count),
                        addingSpecial, readingMarkers)
                }
                guard count >= 0 else {
                    throw InferenceError(.internal, "The prompt could not be turned into tokens.")
                }
                tokens.removeLast(tokens.count - Int(count))
                return tokens
            }
        }
    }
}
