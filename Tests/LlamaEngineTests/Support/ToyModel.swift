import Inference
import LlamaEngine

/// A model whose next token is a hash of all tokens before it: whatever is wrong in the cache changes the answer.
enum ToyModel {
    static let vocabularySize = 512
    /// Tokens that the model generates are below this; prompts are made of those from here on.
    static let firstPromptToken: Int32 = 256
    static let endToken: Int32 = 0

    /// FNV-1a over tokens, one after another.
    struct Hash {
        private var value: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(_ token: Int32) { value = (value ^ UInt64(UInt32(bitPattern: token))) &* 0x100_0000_01b3 }

        /// The token behind those that were added. One answer in some 300 tokens ends by itself where `ends` is set.
        func next(ends: Bool) -> Int32 {
            let choice = Int32((value >> 32) % 256)
            return choice == endToken && !ends ? 1 : choice
        }
    }

    static func next(after tokens: some Sequence<Int32>, ends: Bool) -> Int32 {
        var hash = Hash()
        for token in tokens { hash.add(token) }
        return hash.next(ends: ends)
    }

    /// What one token stands for; the pieces of some split a character.
    static func bytes(of token: Int32) -> [UInt8] {
        switch token % 16 {
        case 3: [0xC3]
        case 4: [0xA9]
        default: Array(" \(token)".utf8)
        }
    }

    /// The tokens of an answer that does not end by itself.
    static func answerTokens(to prompt: [Int32], count: Int) -> [Int32] {
        var hash = Hash()
        for token in prompt { hash.add(token) }
        return (0..<count).map { _ in
            let token = hash.next(ends: false)
            hash.add(token)
            return token
        }
    }

    /// The answer as it is when nothing else runs, token after token from the whole history.
    static func answer(
        to prompt: [Int32], maximumTokens: Int, stops: [String] = [], contextLength: Int = .max, ends: Bool = false
    ) -> ToyAnswer {
        var hash = Hash()
        for token in prompt { hash.add(token) }
        var count = 0
        var text = AnswerText(stops: stops)
        var shown = ""
        while true {
            let token = hash.next(ends: ends)
            var reason: FinishReason?
            if token == endToken {
                reason = .stop
            } else {
                hash.add(token)
                count += 1
                let (part, stopped) = text.append(bytes(of: token))
                shown += part
                if stopped { return ToyAnswer(shown, .stop, count) }
                if prompt.count + count >= min(contextLength, prompt.count + maximumTokens) { reason = .length }
            }
            if let reason { return ToyAnswer(shown + text.finish(), reason, count) }
        }
    }

    static func prompt(_ count: Int, _ randomness: inout Randomness) -> [Int32] {
        (0..<count).map { _ in Int32.random(in: firstPromptToken..<Int32(vocabularySize), using: &randomness) }
    }
}

/// An answer without how much of its prompt came from the cache, which depends on what ran before.
struct ToyAnswer: Equatable {
    var text: String
    var reason: FinishReason
    var completionTokens: Int

    init(_ text: String, _ reason: FinishReason, _ completionTokens: Int) {
        self.text = text
        self.reason = reason
        self.completionTokens = completionTokens
    }
}

struct ToyPieces: TokenPieces {
    func piece(of token: Int32) -> ArraySlice<UInt8> { ToyModel.bytes(of: token)[...] }
    func written(_ token: Int32) -> ArraySlice<UInt8> { piece(of: token) }
    func endsGeneration(_ token: Int32) -> Bool { token == ToyModel.endToken }
}
