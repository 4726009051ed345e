/// What form the text of an answer has to have. Enforced while it is generated: an answer that ends by itself has the
/// form; one that ends for want of tokens is the beginning of one that has.
public enum OutputFormat: Codable, Sendable, Equatable {
    case text
    /// A JSON object.
    case jsonObject
    /// JSON that fits the schema, itself a text of JSON.
    case jsonSchema(String)
    /// Derived from the start symbol `root` of a grammar in llama.cpp's GBNF notation.
    case grammar(String)
}
