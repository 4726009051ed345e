import CHalf
import Synchronization
import Testing

@Suite struct ComputeTeamTests {
    /// How often each piece was done, and by threads of which numbers.
    private final class Record: Sendable {
        let times: [Atomic<Int>.Box]
        let largestThread = Atomic(0)

        init(_ count: Int) { times = (0..<count).map { _ in .init() } }
    }

    private func run(_ team: OpaquePointer?, threads: Int32, _ record: Record) {
        half_team_run(
            team, threads,
            { context, piece, thread in
                guard let context else { return }
                let record = Unmanaged<Record>.fromOpaque(context).takeUnretainedValue()
                record.times[piece].value.add(1, ordering: .relaxed)
                record.largestThread.max(Int(thread), ordering: .relaxed)
            }, Unmanaged.passUnretained(record).toOpaque(), record.times.count)
    }

    @Test(arguments: [1, 2, 3, 8]) func `every piece is done once, however many threads and pieces`(threads: Int32) {
        let team = half_team_create(threads)
        defer { half_team_destroy(team) }
        for round in 0..<2000 {
            let record = Record(round % 17)
            run(team, threads: threads, record)
            #expect(record.times.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
        }
    }

    @Test func `no more threads work than may`() {
        let team = half_team_create(6)
        defer { half_team_destroy(team) }
        for _ in 0..<500 {
            let record = Record(64)
            run(team, threads: 2, record)
            #expect(record.times.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
            #expect(record.largestThread.load(ordering: .relaxed) < 2)
        }
    }

    @Test func `threads that fell asleep work again`() async throws {
        let team = half_team_create(3)
        defer { half_team_destroy(team) }
        for _ in 0..<5 {
            // Longer than they wait awake; whether they sleep by then changes nothing that is expected.
            try await Task.sleep(for: .milliseconds(20))
            let record = Record(100)
            run(team, threads: 3, record)
            #expect(record.times.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
        }
    }

    @Test func `without a team the caller does it all`() {
        let record = Record(9)
        run(nil, threads: 4, record)
        #expect(record.times.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
        #expect(record.largestThread.load(ordering: .relaxed) == 0)
    }
}

extension Atomic where Value == Int {
    /// Atomics cannot be elements of arrays.
    final class Box: Sendable {
        let value = Atomic(0)
    }
}
