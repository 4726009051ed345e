import Media
import OpenVINOEngine
import Synchronization

/// A network that repeats pixels, and goes on with a picture only when the test says so.
final class GatedNetwork: TileNetwork {
    private struct State {
        /// Calls that came and were not let go yet, by the width of their pictures.
        var waiting: [(width: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var arrivals: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var isOpen: Bool
        var threads: [Int] = []
    }

    private let state: Mutex<State>
    private let scale: Int
    let name = "gated"
    let device = "cpu"

    /// - Parameter isOpen: lets everything through.
    init(scale: Int, isOpen: Bool = false) {
        self.scale = scale
        state = Mutex(State(isOpen: isOpen))
    }

    func enlarge(_ picture: Picture) async throws -> Picture {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let resumed = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                if state.isOpen { return [continuation] }
                state.waiting.append((picture.width, continuation))
                let met = state.arrivals.filter { $0.count <= state.waiting.count }
                state.arrivals.removeAll { $0.count <= state.waiting.count }
                return met.map(\.continuation)
            }
            for continuation in resumed { continuation.resume() }
        }
        return picture.repeated(scale)
    }

    func setThreads(_ count: Int) {
        state.withLock { $0.threads.append(count) }
    }

    var threads: [Int] { state.withLock { $0.threads } }

    /// Widths of the pictures that wait, in the order in which they came.
    var widths: [Int] { state.withLock { $0.waiting.map(\.width) } }

    /// Returns when so many calls wait.
    func waits(for count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.waiting.count >= count { return true }
                state.arrivals.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// Lets the call go that came first.
    func letOneGo() {
        state.withLock { $0.waiting.removeFirst() }.continuation.resume()
    }

    /// Lets all go that wait and that will come.
    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for call in waiting { call.continuation.resume() }
    }
}
