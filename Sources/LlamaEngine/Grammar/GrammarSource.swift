/// What keeps an answer to a form, before it runs: a grammar, and where in the answer it begins.
package struct GrammarSource: Sendable, Equatable {
    /// What has to come before a grammar begins that does not begin at once.
    package enum Trigger: Sendable, Equatable {
        /// The grammar begins with this text.
        case word(String)
        /// An ECMAScript pattern: the grammar begins with its first group that matched something, else with the match.
        case pattern(String)
    }

    /// How a model's format marks off what it thinks; no trigger counts within.
    package struct Thinking: Sendable, Equatable {
        package var start: String
        package var ends: [String]
        /// Whether the prompt has opened it already.
        package var isOpen: Bool

        package init(start: String, ends: [String], isOpen: Bool) {
            self.start = start
            self.ends = ends
            self.isOpen = isOpen
        }
    }

    package enum Beginning: Sendable, Equatable {
        /// With the answer's first token. The grammar also covers the end of the prompt given here.
        case atOnce(after: String = "")
        /// Nothing is constrained until one of these comes.
        case atTrigger([Trigger], thinking: Thinking?)
    }

    /// In llama.cpp's GBNF notation, with the start symbol `root`.
    package var gbnf: String
    package var beginning: Beginning
    /// Control tokens, as they are written, that may stand for their text; others may not.
    package var preservedTokens: [String]

    package init(gbnf: String, beginning: Beginning = .atOnce(), preservedTokens: [String] = []) {
        self.gbnf = gbnf
        self.beginning = beginning
        self.preservedTokens = preservedTokens
    }
}
