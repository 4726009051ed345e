import CLlama
import Inference
import LlamaEngine
import Testing

@Suite("Grammars")
struct GrammarTests {
    private let probe: GrammarProbe

    init() throws { probe = try #require(GrammarProbe.qwen) }

    private func token(_ text: String) throws -> Int32 {
        let tokens = try probe.tokenizer.tokens(of: text, addingSpecial: false, readingMarkers: true)
        return try #require(tokens.count == 1 ? tokens[0] : nil)
    }

    @Test("A mask allows what is allowed one by one")
    func maskAgrees() throws {
        let grammar = try Grammar(
            GrammarSource(gbnf: "root ::= [a-f]+ \"!\"?"), model: probe.model, pieces: probe.pieces)
        try grammar.accept(token("a"))
        var logits = [Float](repeating: 1, count: probe.tokenizer.vocabularySize)
        logits.withUnsafeMutableBufferPointer { grammar.mask($0) }
        let allowed = logits.indices.filter { logits[$0] == 1 }
        #expect(allowed.contains(Int(try token("b"))))
        #expect(allowed == logits.indices.filter { grammar.allows(Int32($0)) })
    }

    @Test("An answer ends only where its grammar may, and a token that is not allowed is an error, not a crash")
    func endsAndRefusals() throws {
        let grammar = try Grammar(GrammarSource(gbnf: "root ::= \"ab\""), model: probe.model, pieces: probe.pieces)
        #expect(!grammar.allows(probe.end))
        #expect(throws: InferenceError.self) { try grammar.accept(probe.end) }
        #expect(throws: InferenceError.self) { try grammar.accept(token("z")) }
        try grammar.accept(token("ab"))
        #expect(grammar.allows(probe.end))
    }

    @Test("A control token does not pass for the text that writes it")
    func controlTokens() throws {
        let grammar = try Grammar(GrammarSource(gbnf: "root ::= .+"), model: probe.model, pieces: probe.pieces)
        #expect(!grammar.allows(try token("<|im_start|>")))
        let preserving = try Grammar(
            GrammarSource(gbnf: "root ::= .+", preservedTokens: ["<|im_start|>"]), model: probe.model,
            pieces: probe.pieces)
        #expect(preserving.allows(try token("<|im_start|>")))
    }

    @Test("A grammar that waits constrains from its trigger on, within a token too, and not while the model thinks")
    func triggers() throws {
        let thinking = GrammarSource.Thinking(start: "<think>", ends: ["</think>"], isOpen: false)
        let source = GrammarSource(
            gbnf: "root ::= \"<<\" [0-9]+ \">>\"", beginning: .atTrigger([.word("<<")], thinking: thinking))
        let grammar = try Grammar(source, model: probe.model, pieces: probe.pieces)
        for token in try probe.tokenizer.tokens(
            of: "<think>a << b</think> c", addingSpecial: false, readingMarkers: true)
        {
            #expect(grammar.allows(token))
            try grammar.accept(token)
        }
        #expect(grammar.allows(try token("z")))
        for token in try probe.tokenizer.tokens(of: " <<", addingSpecial: false, readingMarkers: true) {
            try grammar.accept(token)
        }
        #expect(!grammar.allows(try token("z")))
        #expect(grammar.allows(try token("7")))
    }

    @Test("A copy goes its own way")
    func copies() throws {
        let grammar = try Grammar(
            GrammarSource(gbnf: "root ::= \"a\" \"b\" | \"a\" \"c\""), model: probe.model, pieces: probe.pieces)
        try grammar.accept(token("a"))
        let copy = try grammar.copy()
        try grammar.accept(token("b"))
        #expect(copy.allows(try token("c")))
        #expect(!grammar.allows(try token("c")))
    }

    @Test(
        "Grammars of users that cannot be run are refused with the reason",
        arguments: [
            ("root ::= root \"a\" | \"b\"", "left recursion"),
            ("root ::= a root \"c\" | \"x\"\na ::= b b\nb ::= \"\"", "left recursion"),
            ("root ::= missing", "no rule missing"),
            ("start ::= \"a\"", "no rule root"),
            ("root ::= \"a", "no end"),
            ("root ::= [a-", "no end"),
            ("root ::= \"\\q\"", "escape is not known"),
            ("root ::= \"a\"{3000}", "counts beyond 2000"),
            ("root ::= \"a\"{5,2}", "counts"),
            ("root ::= (\"a\"?)*", "may be empty"),
            ("root ::= \"a\" root", "comes to an end"),
            ("root = \"a\"", "::= is missing"),
            ("root ::= " + String(repeating: "(", count: 10_000), "nested too deep"),
            ("", "no rule root"),
        ])
    func refusals(gbnf: String, reason: String) throws {
        let template = try ChatTemplate(source: GrammarProbe.chatML, beginOfSequence: "", endOfSequence: "")
        let request = ChatRequest(messages: [ChatMessage(role: .user, content: "Hi")], outputFormat: .grammar(gbnf))
        let error = #expect(throws: InferenceError.self) { try template.render(request) }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.parameter == "grammar")
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test(
        "A user's grammar constrains the answer as it stands",
        arguments: [("yes", true), ("no", true), ("maybe", false)])
    func userGrammar(text: String, fits: Bool) throws {
        let template = try ChatTemplate(source: GrammarProbe.chatML, beginOfSequence: "", endOfSequence: "")
        let chat = try template.render(
            ChatRequest(
                messages: [ChatMessage(role: .user, content: "Hi")],
                outputFormat: .grammar("# An answer\nroot ::= answer\nanswer ::= \"yes\" |\n  \"no\"\n")))
        #expect(chat.parser == nil)
        #expect(try probe.accepts(#require(chat.grammar), text) == fits)
    }
}
