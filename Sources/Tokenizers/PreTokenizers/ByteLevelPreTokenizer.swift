/// GPT-2's pre-tokenizer: splits by its pattern, and writes every byte of the words' UTF-8 as one printable character,
/// so that 256 characters can spell any text.
struct ByteLevelPreTokenizer: PreTokenizer {
    /// Puts a space before a text that does not begin with one, so that its first word is like any other.
    var addsPrefixSpace: Bool
    var splits: Bool

    func split(_ piece: TextPiece, _ body: (TextPiece) -> Void) {
        var text = piece.scalars
        if addsPrefixSpace, text.first != " " { text.insert(" ", at: text.startIndex) }
        guard splits else { return body(encoded(text, of: piece)) }
        TextPattern.gpt2.forEachPart(of: text) { part, _ in body(encoded(part, of: piece)) }
    }

    private func encoded(_ word: ArraySlice<Unicode.Scalar>, of piece: TextPiece) -> TextPiece {
        var characters: [Unicode.Scalar] = []
        characters.reserveCapacity(word.count)
        for scalar in word {
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                characters.append(Self.alphabet[Int(byte)])
            }
        }
        let isFirst = piece.startsText && word.startIndex == piece.scalars.startIndex
        return TextPiece(scalars: characters[...], startsText: isFirst)
    }

    /// The character of each byte: itself where Latin-1 has a visible one, else the next from U+0100 on.
    static let alphabet: [Unicode.Scalar] = {
        var spare: UInt32 = 0x100
        return (UInt8.min...UInt8.max).map { byte in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte)
            default:
                defer { spare += 1 }
                return Unicode.Scalar(spare) ?? "?"
            }
        }
    }()
}
