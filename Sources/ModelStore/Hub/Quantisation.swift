/// What the numbers of a GGUF model are kept in, as its file's name says: `Q4_K_M` of `Model-7B-Q4_K_M.gguf`.
enum Quantisation {
    /// Which one is taken where none is named: small enough for most machines without losing much, then what is nearest
    /// to that.
    static let preferred = [
        "Q4_K_M", "UD-Q4_K_XL", "Q4_K_L", "Q4_K_S", "IQ4_XS", "IQ4_NL", "Q4_0", "Q4_1", "MXFP4", "MXFP4_MOE", "Q5_K_M",
        "Q5_K_S", "Q5_0", "Q5_1", "Q6_K", "Q8_0", "Q3_K_L", "Q3_K_M", "Q3_K_S", "F16", "BF16", "F32",
    ]

    /// Which projector is taken where there are several.
    static let preferredOfProjectors = ["F16", "Q8_0", "BF16", "F32"]

    /// In capitals; `nil` where the name does not say it.
    static func of(_ path: String) -> String? {
        var name = path.lastPathComponent
        guard name.lowercased().hasSuffix(".gguf") else { return nil }
        name = SplitName(name)?.stem.lastPathComponent ?? String(name.dropLast(".gguf".count))
        let words = name.uppercased().split { $0 == "-" || $0 == "." }
        guard let last = words.lastIndex(where: isQuantisation) else {
            // Some keep each in a folder of its own.
            let folder = path.split(separator: "/").dropLast().last.map { $0.uppercased() }
            return folder.flatMap { isQuantisation($0[...]) ? $0 : nil }
        }
        let isDynamic = last > words.startIndex && words[last - 1] == "UD"
        return (isDynamic ? "UD-" : "") + words[last]
    }

    /// Such as `Q4_0`, `Q4_K_M`, `IQ3_XXS`, `TQ1_0`, `MXFP4`, `BF16`.
    private static func isQuantisation(_ word: Substring) -> Bool {
        if ["F16", "FP16", "F32", "FP32", "BF16"].contains(word) || word.hasPrefix("MXFP4") { return true }
        let rest = ["IQ", "TQ", "Q"].first(where: word.hasPrefix).map { word.dropFirst($0.count) }
        guard let rest, let digit = rest.first, digit.isASCII, digit.isNumber else { return false }
        return rest.dropFirst().isEmpty || rest.dropFirst().hasPrefix("_")
    }
}
