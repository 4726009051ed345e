/// Texts as several endpoints take them: a string, the tokens of one text, or a list of either.
struct TextInputs: Decodable, Sendable {
    enum Input: Sendable, Equatable {
        case text(String)
        case tokens([Int32])
    }

    /// The most that one request may hold, as OpenAI's API has it.
    static let most = 2_048
    static let expected = "a string, an array of strings, an array of token ids or an array of arrays of token ids"

    let inputs: [Input]
    /// Whether the request held a list of inputs, so that faults name the place in it.
    let isList: Bool

    init(from decoder: any Decoder) throws {
        switch JSONKind(from: decoder) {
        case .string:
            isList = false
            inputs = [.text(try decoder.singleValueContainer().decode(String.self))]
        case .array:
            (inputs, isList) = try Self.array(decoder)
        case let found:
            decoder.faults.add(.wrongType, at: decoder.codingPath, "expected \(Self.expected), found \(found.rawValue)")
            throw FaultGathered()
        }
    }

    /// The first element says which kind of list it is; the others have to be of that kind.
    private static func array(_ decoder: any Decoder) throws -> ([Input], isList: Bool) {
        var elements = try decoder.unkeyedContainer()
        guard !elements.isAtEnd else {
            decoder.faults.add(.outOfRange, at: decoder.codingPath, "expected at least 1 element, found 0")
            throw FaultGathered()
        }
        switch try elements.decode(JSONKind.self) {
        case .string:
            return (try texts(decoder).map { .text($0) }, true)
        case .number:
            return ([.tokens(try TokenList(from: decoder).tokens)], false)
        case .array:
            return (try list(of: TokenList.self, decoder).map { .tokens($0.tokens) }, true)
        case let found:
            decoder.faults.add(
                .wrongType, at: decoder.codingPath,
                "expected \(expected), found an array that begins with \(found.rawValue)")
            throw FaultGathered()
        }
    }

    private static func texts(_ decoder: any Decoder) throws -> [String] {
        // As one, where all is well: there may be thousands of them.
        if let texts = try? [String](from: decoder), texts.count <= most { return texts }
        return try list(of: ListedText.self, decoder).map(\.text)
    }

    private static func list<Element: Decodable>(of type: Element.Type, _ decoder: any Decoder) throws -> [Element] {
        let elements = try [Checked<Element>](from: decoder)
        if elements.count > most {
            decoder.faults.add(
                .outOfRange, at: decoder.codingPath, "expected at most \(most) elements, found \(elements.count)")
        }
        return elements.compactMap(\.value)
    }
}

/// One text of a list.
private struct ListedText: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        guard let text = try? decoder.singleValueContainer().decode(String.self) else {
            let found = JSONKind(from: decoder).rawValue
            decoder.faults.add(.wrongType, at: decoder.codingPath, "expected a string, found \(found)")
            throw FaultGathered()
        }
        self.text = text
    }
}

/// The tokens of one text.
private struct TokenList: Decodable {
    let tokens: [Int32]

    init(from decoder: any Decoder) throws {
        // As one, where all is well: a text may have a hundred thousand of them.
        if let tokens = try? [Int32](from: decoder), tokens.allSatisfy({ $0 >= 0 }) {
            self.tokens = tokens
        } else if let elements = try? [Checked<TokenID>](from: decoder) {
            tokens = elements.compactMap { $0.value?.token }
        } else {
            let found = JSONKind(from: decoder).rawValue
            decoder.faults.add(.wrongType, at: decoder.codingPath, "expected an array of token ids, found \(found)")
            throw FaultGathered()
        }
        if tokens.isEmpty {
            decoder.faults.add(.outOfRange, at: decoder.codingPath, "expected at least 1 token id, found 0")
        }
    }
}

/// A token. Whether the model has it is for its engine to say.
private struct TokenID: Decodable {
    let token: Int32

    init(from decoder: any Decoder) throws {
        let expected = "expected a token id, an integer from 0"
        guard let token = try? decoder.singleValueContainer().decode(Int32.self) else {
            let found = JSONKind(from: decoder)
            decoder.faults.add(
                found == .number ? .outOfRange : .wrongType, at: decoder.codingPath,
                found == .number ? expected : "\(expected), found \(found.rawValue)")
            throw FaultGathered()
        }
        guard token >= 0 else {
            decoder.faults.add(.outOfRange, at: decoder.codingPath, "\(expected), found \(token)")
            throw FaultGathered()
        }
        self.token = token
    }
}
