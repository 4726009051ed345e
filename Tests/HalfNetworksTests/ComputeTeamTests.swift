import CHalf
import Foundation
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite(.hangGuard) struct ComputeTeamTests {
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
        for round in 0..<rounds(short: 300, long: 20_000) {
            let record = Record(round % 17)
            run(team, threads: threads, record)
            #expect(record.times.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
        }
    }

    @Test func `no more threads work than may`() {
        let team = half_team_create(6)
        defer { half_team_destroy(team) }
        for _ in 0..<rounds(short: 200, long: 20_000) {
            let record = Record(64)
            run(team, threads: 2, record)
            #expect(record.times.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
            #expect(record.largestThread.load(ordering: .relaxed) < 2)
        }
    }

    /// Threads that have come together: none goes on before all are there.
    private final class Meeting: Sendable {
        let arrived = Atomic(0)
        let threads: Int
        /// The folders in /proc of those that are no caller's.
        let others = Mutex<Set<String>>([])

        init(_ threads: Int) { self.threads = threads }

        func attend(_ thread: Int) {
            if thread > 0, let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self") {
                others.withLock { _ = $0.insert("/proc/" + own) }
            }
            arrived.add(1, ordering: .relaxed)
            while arrived.load(ordering: .relaxed) < threads { sched_yield() }
        }
    }

    private func meet(_ team: OpaquePointer?, threads: Int) -> Meeting {
        let meeting = Meeting(threads)
        half_team_run(
            team, Int32(threads),
            { context, _, thread in
                guard let context else { return }
                Unmanaged<Meeting>.fromOpaque(context).takeUnretainedValue().attend(Int(thread))
            }, Unmanaged.passUnretained(meeting).toOpaque(), threads)
        return meeting
    }

    @Test func `threads that fell asleep work again`() async throws {
        let team = half_team_create(3)
        defer { half_team_destroy(team) }
        for _ in 0..<3 {
            let meeting = meet(team, threads: 3)
            #expect(meeting.arrived.load(ordering: .relaxed) == 3)
            let others = meeting.others.withLock { $0 }
            #if os(Linux)
                #expect(others.count == 2)
            #endif
            try await eventually("the other threads sleep") { try others.allSatisfy(isAsleep) }
        }
    }

    /// Whether the thread of that folder waits for something (proc(5), /proc/pid/stat: behind the name, S).
    private func isAsleep(_ thread: String) throws -> Bool {
        let text = try String(contentsOfFile: thread + "/stat", encoding: .utf8)
        return text.split(separator: ")").last?.hasPrefix(" S") == true
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
