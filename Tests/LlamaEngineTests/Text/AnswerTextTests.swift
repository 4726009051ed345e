import LlamaEngine
import TestSupport
import Testing

@Suite("AnswerText")
struct AnswerTextTests {
    /// What is shown when the bytes come in these pieces.
    private func shown(_ pieces: [[UInt8]], stops: [String] = []) -> (parts: [String], stopped: Bool) {
        var text = AnswerText(stops: stops)
        var parts: [String] = []
        for piece in pieces {
            let (part, stopped) = text.append(piece)
            parts.append(part)
            if stopped { return (parts, true) }
        }
        parts.append(text.finish())
        return (parts, false)
    }

    private func single(_ text: String) -> [[UInt8]] { text.utf8.map { [$0] } }

    @Test("A character is shown when its last byte has come", arguments: ["é", "€", "🦙", "👩‍🔬", "a\u{301}ß\u{10FFFF}"])
    func charactersAreShownWhole(text: String) {
        let parts = shown(single(text)).parts
        #expect(parts.joined() == text)
        #expect(!parts.joined().unicodeScalars.contains("\u{FFFD}"))
        // One part a scalar, and nothing between.
        #expect(parts.filter { !$0.isEmpty } == text.unicodeScalars.map { String($0) })
    }

    @Test("A character may be cut at every byte", arguments: ["añ€b🦙c"])
    func charactersMayBeCutAnywhere(text: String) {
        let bytes = Array(text.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let pieces = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
                #expect(shown(pieces).parts.joined() == text)
            }
        }
    }

    @Test("Text without an open end is shown at once")
    func plainTextIsShownAtOnce() {
        var text = AnswerText(stops: ["<end>"])
        #expect(text.append(Array("Hello".utf8)) == ("Hello", false))
        #expect(text.append(Array(" world".utf8)) == (" world", false))
    }

    @Test("A stop that spans tokens is found, and no part of it shown")
    func stopSpansTokens() {
        let (parts, stopped) = shown([Array("one<".utf8), Array("en".utf8), Array("d>two".utf8)], stops: ["<end>"])
        #expect(parts == ["one", "", ""])
        #expect(stopped)
    }

    @Test("Held-back text is shown as soon as it is no stop")
    func heldBackTextIsReleased() {
        var text = AnswerText(stops: ["<end>"])
        #expect(text.append(Array("a<en".utf8)) == ("a", false))
        #expect(text.append(Array("t".utf8)) == ("<ent", false))
        #expect(text.append(Array("<".utf8)) == ("", false))
        #expect(text.finish() == "<")
    }

    @Test("Of two stops the first to be complete ends the answer, however the text is cut")
    func shorterStopEndsFirst() {
        for (stops, whole, expected) in [
            (["ab", "abc"], "xabcy", "x"), (["abc", "ab"], "xabcy", "x"), (["abcd", "c"], "xabcde", "xab"),
            (["bc", "abc"], "xabcy", "x"), (["aab"], "aaab", "a"), (["abac"], "ababac", "ab"),
        ] {
            for cut in 0...whole.utf8.count {
                let bytes = Array(whole.utf8)
                let (parts, stopped) = shown([Array(bytes[..<cut]), Array(bytes[cut...])], stops: stops)
                #expect(parts.joined() == expected, "\(stops) cut at \(cut)")
                #expect(stopped)
            }
            let (parts, stopped) = shown(single(whole), stops: stops)
            #expect(parts.joined() == expected)
            #expect(stopped)
        }
    }

    @Test("A stop of several bytes a character is found across cuts")
    func stopOfMultiByteCharacters() {
        let bytes = Array("ja🛑🛑x".utf8)
        for cut in 0...bytes.count {
            let (parts, stopped) = shown([Array(bytes[..<cut]), Array(bytes[cut...])], stops: ["🛑🛑"])
            #expect(parts.joined() == "ja")
            #expect(stopped)
        }
    }

    @Test("Empty stops are passed over")
    func emptyStopsArePassedOver() {
        #expect(shown(single("text"), stops: ["", ""]) == (["t", "e", "x", "t", ""], false))
    }

    @Test("Bytes that are no UTF-8 become U+FFFD, and what follows is whole")
    func invalidBytesAreReplaced() {
        for invalid: [UInt8] in [
            [0xFF], [0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5], [0xE2, 0x82, 0x41], [0xF0, 0x9F],
        ] {
            let bytes = Array("a".utf8) + invalid + Array("bé".utf8)
            let expected = String(decoding: bytes, as: UTF8.self)
            #expect(expected.unicodeScalars.contains("\u{FFFD}"))
            #expect(shown(bytes.map { [$0] }).parts.joined() == expected)
            #expect(shown([bytes]).parts.joined() == expected)
            #expect(shown(bytes.map { [$0] }, stops: ["bz", "Az"]).parts.joined() == expected)
        }
    }

    @Test("A character that is never completed becomes U+FFFD at the end")
    func incompleteEndIsReplaced() {
        #expect(shown([[0x61, 0xF0, 0x9F, 0xA6]]).parts == ["a", "\u{FFFD}"])
        #expect(shown([[0x61], [0xE2], [0x82]]).parts == ["a", "", "", "\u{FFFD}"])
    }

    @Test("However a random text is cut, what is shown is the text up to the first stop")
    func cutsDoNotMatter() {
        var randomness = Randomness(20)
        let alphabet = ["a", "b", "ab", "é", "€", "🦙", "\n"]
        for _ in 0..<rounds(short: 1_000, long: 50_000) {
            func word(_ lengths: ClosedRange<Int>) -> String {
                (0..<Int.random(in: lengths, using: &randomness)).map { _ in
                    alphabet.randomElement(using: &randomness) ?? ""
                }.joined()
            }
            let whole = word(0...30)
            let stops = (0..<Int.random(in: 0...4, using: &randomness)).map { _ in word(1...4) }
            var rest = Array(whole.utf8)[...]
            var pieces: [[UInt8]] = []
            while !rest.isEmpty {
                let count = Int.random(in: 0...min(6, rest.count), using: &randomness)
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            let expected = firstStop(in: whole, stops)
            let (parts, stopped) = shown(pieces, stops: stops)
            #expect(parts.joined() == expected ?? whole)
            #expect(stopped == (expected != nil))
        }
    }

    /// The text before the first stop, found by looking at every beginning of the text in turn.
    private func firstStop(in whole: String, _ stops: [String]) -> String? {
        let bytes = Array(whole.utf8)
        for end in 0...bytes.count {
            let endings = stops.filter { bytes[..<end].suffix($0.utf8.count).elementsEqual($0.utf8) }
            if let longest = endings.map(\.utf8.count).max() {
                return String(decoding: bytes[..<(end - longest)], as: UTF8.self)
            }
        }
        return nil
    }
}
