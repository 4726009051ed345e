/// The name of one file of a GGUF model that is kept in several, `model-00001-of-00003.gguf`. llama.cpp is given the
/// first and finds the others by their names.
struct SplitName: Sendable, Equatable {
    /// What comes before `-00001-of-`.
    var stem: String
    /// From 1.
    var number: Int
    var count: Int

    /// - Returns: `nil` where the name, or path, is not of this form.
    init?(_ name: String) {
        guard name.lowercased().hasSuffix(".gguf") else { return nil }
        let parts = name.dropLast(".gguf".count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count > 3, parts[parts.count - 2] == "of",
            let number = Self.number(parts[parts.count - 3]), let count = Self.number(parts[parts.count - 1]),
            (1...count).contains(number)
        else { return nil }
        stem = parts.dropLast(3).joined(separator: "-")
        self.number = number
        self.count = count
    }

    private init(stem: String, number: Int, count: Int) {
        self.stem = stem
        self.number = number
        self.count = count
    }

    var name: String { "\(stem)-\(Self.digits(number))-of-\(Self.digits(count)).gguf" }

    /// The names of all its files, under this stem or another.
    func all(stem other: String? = nil) -> [String] {
        (1...count).map { SplitName(stem: other ?? stem, number: $0, count: count).name }
    }

    private static func digits(_ number: Int) -> String {
        String(repeating: "0", count: max(0, 5 - String(number).count)) + String(number)
    }

    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.count == 5, text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text), number > 0
        else { return nil }
        return number
    }
}
