import Inference
import LlamaEngine
import Testing

@Suite("PrefixCache")
struct PrefixCacheTests {
    private func idle(_ cached: [Int32], lastUse: Int = 1) -> CachedSequence {
        CachedSequence(cached: cached, lastUse: lastUse)
    }

    private func running(_ cached: [Int32]) -> CachedSequence {
        let job = GenerationJob(
            prompt: cached + [99], parameters: GenerationParameters(sampling: .greedy),
            mailbox: GenerationMailbox(wakeScheduler: {}))
        return CachedSequence(cached: cached, running: RunningGeneration(job, contextLength: 100, suppressed: []))
    }

    private func place(_ tokens: [Int32], _ sequences: [CachedSequence], canTruncate: Bool = true)
        -> PrefixCache.Placement?
    {
        PrefixCache.place(tokens, in: sequences, canTruncate: canTruncate)
    }

    @Test("Where every sequence runs there is no place")
    func noPlaceWhereAllRun() {
        #expect(place([1, 2], [running([1]), running([1, 2])]) == nil)
    }

    @Test("A sequence that the prompt continues is continued in place")
    func continuesInPlace() {
        let sequences = [idle([]), idle([1, 2, 3]), idle([1, 2])]
        #expect(place([1, 2, 3, 4], sequences) == .init(sequence: 1, source: 1, reused: 3))
    }

    @Test("A sequence that shares only its beginning stays, and the prompt goes elsewhere")
    func sharedBeginningIsCopied() {
        let sequences = [idle([1, 2, 3, 7, 8]), idle([])]
        #expect(place([1, 2, 3, 4], sequences) == .init(sequence: 1, source: 0, reused: 3))
    }

    @Test("The longest prefix is taken, from a running sequence too")
    func longestPrefixFromARunningSequence() {
        let sequences = [idle([1, 2]), running([1, 2, 3]), idle([])]
        #expect(place([1, 2, 3, 4], sequences) == .init(sequence: 2, source: 1, reused: 3))
    }

    @Test("Among equals an idle sequence is preferred, for it can be continued in place")
    func idleIsPreferredAmongEquals() {
        #expect(place([1, 2, 3], [running([1, 2]), idle([1, 2])]) == .init(sequence: 1, source: 1, reused: 2))
    }

    @Test("The last token is always computed, for its logits are wanted")
    func lastTokenIsComputed() {
        #expect(place([1, 2, 3], [idle([1, 2, 3]), idle([])]) == .init(sequence: 1, source: 0, reused: 2))
        #expect(place([1], [idle([1])]) == .init(sequence: 0, source: 0, reused: 0))
    }

    @Test("Without a common prefix an empty sequence is taken, else the one unused for longest")
    func leastValuableIsGivenUp() {
        #expect(place([9], [idle([1], lastUse: 0), idle([], lastUse: 7)])?.sequence == 1)
        #expect(place([9], [idle([1], lastUse: 5), idle([2], lastUse: 3), running([3])])?.sequence == 1)
    }

    @Test("The only idle sequence gives up its tail where the prompt shares its beginning")
    func onlyIdleSequenceIsCutInPlace() {
        #expect(place([1, 2, 9], [idle([1, 2, 3]), running([5])]) == .init(sequence: 0, source: 0, reused: 2))
    }

    @Test("What cannot be cut is reused whole or not at all")
    func wholeOrNotAtAll() {
        let sequences = [idle([1, 2, 3, 4], lastUse: 2), idle([1, 2], lastUse: 1)]
        #expect(place([1, 2, 3, 9], sequences, canTruncate: false) == .init(sequence: 1, source: 1, reused: 2))
        #expect(place([1, 9], sequences, canTruncate: false)?.reused == 0)
        #expect(place([1, 2], [idle([1, 2])], canTruncate: false)?.reused == 0)
    }

    @Test("Common prefixes are counted in tokens")
    func commonPrefixes() {
        #expect(PrefixCache.commonPrefix([1, 2, 3], [1, 2, 4]) == 2)
        #expect(PrefixCache.commonPrefix([1, 2], [1, 2, 4]) == 2)
        #expect(PrefixCache.commonPrefix([], [1]) == 0)
        #expect(PrefixCache.commonPrefix([2], [1]) == 0)
    }
}
