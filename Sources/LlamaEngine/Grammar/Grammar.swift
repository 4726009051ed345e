import CLlama
import Inference
import SystemSupport

/// A grammar at work: it follows one answer, token by token.
///
/// `@unchecked Sendable`: one thread uses it at a time; whoever makes it hands it over with the answer.
package final class Grammar: TokenConstraint, @unchecked Sendable {
    /// Processor time that following one token may take.
    private static let longestStep = Duration.milliseconds(250)

    private let source: GrammarSource
    private let model: LlamaModel
    private let tokenizer: Tokenizer
    private let pieces: PieceOrder.Tables
    /// Control tokens that may stand for their text.
    private let preserved: Set<Int32>
    /// What the answer is watched for that begins the grammar; `nil` where it has begun.
    private var watch: TriggerWatch?
    /// The grammar at its place; at its beginning while it is waited for.
    private var run: GrammarRun

    /// - Parameter pieces: the model's tokens, by their text.
    /// - Throws: ``InferenceError`` of kind `invalidRequest` where the text is no grammar that can be run.
    package init(_ source: GrammarSource, model: LlamaModel, pieces: PieceOrder) throws {
        self.source = source
        self.model = model
        self.pieces = pieces.prepared()
        tokenizer = pieces.tokenizer
        preserved = Set(source.preservedTokens.compactMap(tokenizer.token(writtenAs:)))
        run = try GrammarRun(source.gbnf, model: model)
        switch source.beginning {
        case .atOnce(let prompt):
            try run.take(tokenizer.tokens(of: prompt, addingSpecial: false, readingMarkers: true))
        case .atTrigger(let triggers, let thinking):
            watch = try TriggerWatch(triggers, thinking: thinking)
        }
    }

    private init(_ other: Grammar) throws {
        source = other.source
        model = other.model
        tokenizer = other.tokenizer
        pieces = other.pieces
        preserved = other.preserved
        watch = other.watch
        run = try other.run.copy()
    }

    /// The same grammar at the same place, for another answer.
    package func copy() throws -> Grammar { try Grammar(self) }

    package func allows(_ token: Int32) -> Bool {
        watch != nil || (!isSilent(token) && run.allows(token))
    }

    package func accept(_ token: Int32) throws {
        guard watch == nil else { return waitOn(token) }
        let start = ThreadTime.now
        try run.accept(token)
        // An ambiguous grammar can have more and more readings of one text; this ends before it stops all others.
        guard ThreadTime.now - start < Self.longestStep else {
            throw InferenceError(
                .invalidRequest, "The grammar is too ambiguous: following it takes too long.", parameter: "grammar")
        }
    }

    /// Begins the grammar where the token brings what it waits for.
    private func waitOn(_ token: Int32) {
        guard !tokenizer.endsGeneration(token), let place = watch?.append(token, tokenizer.written(token)),
            let begun = try? begin(at: place)
        else { return }
        run = begun
        watch = nil
    }

    package func mask(_ logits: UnsafeMutableBufferPointer<Float>) {
        guard watch == nil else { return }
        for token in pieces.textless where isSilent(token) || !run.allows(token) { logits[Int(token)] = -.infinity }
        var place = 0
        while place < pieces.tokens.count {
            guard !run.allows(pieces.tokens[place]) else {
                place += 1
                continue
            }
            let end = Int(pieces.ends[place])
            for refused in place..<end { logits[Int(pieces.tokens[refused])] = -.infinity }
            place = end
        }
    }

    /// A trigger within a text that then goes on otherwise is no call: the answer stays as free as before.
    private func begin(at place: TriggerWatch.Place) throws -> GrammarRun {
        let begun = try place.offset == 0 ? run.copy() : GrammarRun(source.gbnf, offset: place.offset, model: model)
        for token in place.tokens { try begun.accept(token) }
        return begun
    }

    /// A control token stands for no text, so that it must not pass for the text that writes it.
    private func isSilent(_ token: Int32) -> Bool {
        llama_vocab_is_control(model.vocabulary, token) && !tokenizer.endsGeneration(token)
            && !preserved.contains(token)
    }
}
