import Testing
import Tokenizers

@Suite("Files of tokenizers")
struct TokenizerFileTests {
    private let model = #""model": {"type": "WordPiece", "unk_token": "?", "vocab": {"?": 0}}"#

    @Test("what a file asks for and is not done here is named")
    func namesWhatIsUnsupported() {
        let cases = [
            (#""normalizer": {"type": "Nmt"}"#, "normalizer: the normalizer Nmt"),
            (
                #""normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "NFKC"}]}"#,
                "normalizer.normalizers[1]: the normalizer NFKC"
            ),
            (
                #""normalizer": {"type": "BertNormalizer", "lowercase": true, "stem": true}"#,
                #"normalizer: the setting "stem""#
            ),
            (
                #""normalizer": {"type": "Replace", "pattern": {"Regex": "x+"}, "content": "y"}"#,
                "normalizer.pattern: the regular expression x+"
            ),
            (#""pre_tokenizer": {"type": "Digits"}"#, "pre_tokenizer: the pre-tokenizer Digits"),
            (
                #""pre_tokenizer": {"type": "Split", "pattern": {"String": "-"}, "behavior": "MergedWithNext"}"#,
                "pre_tokenizer.behavior: the behavior MergedWithNext"
            ),
            (#""post_processor": {"type": "Own"}"#, "post_processor: the post-processor Own"),
            (#""extension": 1"#, #"the setting "extension""#),
        ]
        for (members, what) in cases {
            #expect(throws: TokenizerFileError.unsupported(what)) { try TinyTokenizer.read("{\(members), \(model)}") }
        }
    }

    @Test("models that are not known, and settings of models, are refused")
    func refusesModels() {
        let cases = [
            (#"{"type": "WordLevel", "vocab": {}}"#, "model: the model WordLevel"),
            (
                #"{"type": "BPE", "vocab": {}, "merges": [], "dropout": 0.1}"#,
                "model.dropout: leaving merges out by chance"
            ),
            (
                #"{"type": "BPE", "vocab": {}, "merges": [], "byte_fallback": true}"#,
                "model.byte_fallback: bytes in place of unknown characters"
            ),
            (
                #"{"type": "BPE", "vocab": {}, "merges": [], "continuing_subword_prefix": "@@"}"#,
                "model.continuing_subword_prefix: a prefix of tokens that continue a word"
            ),
        ]
        for (model, what) in cases {
            #expect(throws: TokenizerFileError.unsupported(what)) { try TinyTokenizer.read(#"{"model": \#(model)}"#) }
        }
    }

    @Test("padding, truncation and the decoder are passed over")
    func passesOver() throws {
        let tokenizer = try TinyTokenizer.read(
            #"{"version": "1.0", "truncation": {"max_length": 1}, "padding": {"strategy": "?"}, "decoder": {}, \#(model)}"#
        )
        #expect(tokenizer.encode("xy").count == 1)
    }

    @Test("a file that is damaged says where")
    func damaged() {
        let cases = [
            ("", "expected a value at byte 0"),
            ("{\(model)", #"expected "}" at byte \#(model.utf8.count + 1)"#),
            ("{}", "model is missing"),
            ("[]", "the file should be an object"),
            (
                #"{"model": {"type": "WordPiece", "unk_token": "?", "vocab": {"a": 1}}}"#,
                "model.unk_token should be a token of the vocabulary"
            ),
            (
                #"{"model": {"type": "WordPiece", "unk_token": "?", "vocab": {"?": -1}}}"#,
                "model.vocab should be an object of tokens and ids"
            ),
            (
                #"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}}"#,
                "model.merges[0] should be a merge of two tokens of the vocabulary into a third"
            ),
            (
                #"{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a"]}}"#,
                "model.merges[0] should be two tokens with a space between"
            ),
            (
                #"{"model": {"type": "Unigram", "vocab": [["a", 0]], "unk_id": 1}}"#,
                "model.unk_id should be a token of the vocabulary"
            ),
            (
                #"{"normalizer": {"type": "Precompiled", "precompiled_charsmap": "/////w=="}, \#(model)}"#,
                "normalizer.precompiled_charsmap should be a character map of SentencePiece in base64"
            ),
            (
                #"{"post_processor": {"type": "TemplateProcessing", "single": [], "special_tokens": {}}, \#(model)}"#,
                "post_processor should be a template with one text"
            ),
        ]
        for (json, detail) in cases {
            #expect(throws: TokenizerFileError.malformed(detail)) { try TinyTokenizer.read(json) }
        }
    }

    @Test("a file that is not there cannot be read")
    func missing() {
        #expect(throws: TokenizerFileError.unreadable) { try TokenizerFile.read("/nowhere/tokenizer.json") }
    }
}
