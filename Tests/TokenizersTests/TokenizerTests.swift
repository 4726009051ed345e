import Testing
import Tokenizers

@Suite("Tokenizers")
struct TokenizerTests {
    @Test(
        "tokenizers give the ids of the reference for texts of every kind",
        arguments: ["wordpiece", "clip", "roberta", "unigram"])
    func matchesReference(name: String) throws {
        let golden = try GoldenTexts(name)
        let tokenizer = try GoldenTexts.tokenizer(name)
        #expect(golden.texts.count > 2000)
        #expect(golden.texts.count == golden.ids.count)
        for (text, ids) in zip(golden.texts, golden.ids) {
            #expect(tokenizer.encode(text) == ids, "\(text.unicodeScalars.map { String($0.value, radix: 16) })")
        }
    }

    @Test("the vocabulary reaches to the largest id", arguments: [("clip", 893), ("roberta", 705), ("unigram", 287)])
    func vocabulary(name: String, size: Int) throws {
        let tokenizer = try GoldenTexts.tokenizer(name)
        #expect(tokenizer.vocabularySize == size)
        let largest = try GoldenTexts(name).ids.joined().max()
        #expect(try #require(largest) < Int32(size))
    }

    @Test("given tokens get the special tokens around them")
    func wraps() throws {
        #expect(try GoldenTexts.tokenizer("wordpiece").wrap([7, 8]) == [101, 7, 8, 102])
        #expect(try GoldenTexts.tokenizer("roberta").wrap([]) == [0, 2])
    }

    @Test("special tokens that are there already are not added again")
    func wrapsOnce() throws {
        let tokenizer = try GoldenTexts.tokenizer("wordpiece")
        #expect(tokenizer.wrap([101, 7, 102]) == [101, 7, 102])
        #expect(tokenizer.wrap([101, 7]) == [101, 7, 102])
        #expect(tokenizer.wrap([7, 102]) == [101, 7, 102])
        #expect(tokenizer.wrap([101, 102]) == [101, 102])
        let text = tokenizer.encode("a photo")
        #expect(tokenizer.wrap(text) == text)
    }

    @Test("one token cannot stand for both special tokens where they are the same")
    func wrapsWithEqualTokens() throws {
        let tokenizer = try TinyTokenizer.wordPiece(
            #""post_processor": {"type": "BertProcessing", "sep": ["[A]", 1], "cls": ["[A]", 1]}"#)
        #expect(tokenizer.wrap([1]) == [1, 1])
        #expect(tokenizer.wrap([1, 1]) == [1, 1])
        #expect(tokenizer.wrap([2]) == [1, 2, 1])
    }

    @Test("a word of 100 characters is read, one of 101 is unknown")
    func longWords() throws {
        let tokenizer = try GoldenTexts.tokenizer("wordpiece")
        let (read, unknown) = (String(repeating: "x", count: 100), String(repeating: "x", count: 101))
        #expect(tokenizer.encode(read).count > 3)
        #expect(tokenizer.encode(unknown) == [101, 100, 102])
    }

    @Test("tokens that differ only in Unicode's canonical form are two tokens")
    func canonicallyEquivalentTokens() throws {
        let tokenizer = try TinyTokenizer.wordPiece(
            vocabulary: [("[UNK]", 0), ("\\u00e9", 1), ("e\\u0301", 2), ("\\u212b", 3), ("\\u00c5", 4)])
        #expect(tokenizer.encode("\u{E9} e\u{301} \u{212B} \u{C5}") == [1, 2, 3, 4])
    }

    @Test("a file without post-processor puts nothing around texts")
    func noPostProcessor() throws {
        let tokenizer = try TinyTokenizer.wordPiece()
        #expect(tokenizer.encode("b a") == [2, 1])
        #expect(tokenizer.wrap([2]) == [2])
    }

    @Test("tokens that the vocabulary lacks become the unknown one, one by one or as one where they are fused")
    func unknownBytePairs() throws {
        #expect(try TinyTokenizer.bytePair(#""unk_token": "?""#).encode("axxb") == [1, 0, 0, 2])
        #expect(try TinyTokenizer.bytePair(#""unk_token": "?", "fuse_unk": true"#).encode("axxb") == [1, 0, 2])
        #expect(try TinyTokenizer.bytePair(#""unk_token": null"#).encode("axxb") == [3])
    }

    @Test("whole words come first where the file says so")
    func wholeWords() throws {
        // No merge makes "aba": it is only found whole.
        #expect(try TinyTokenizer.bytePair(#""ignore_merges": true"#).encode("aba") == [4])
        #expect(try TinyTokenizer.bytePair(#""ignore_merges": false"#).encode("aba") == [3, 1])
    }
}
