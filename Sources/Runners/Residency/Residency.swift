/// Which models are in memory, which wait to come in, and which have to go for them.
///
/// A state machine without processes or clocks: it is told what has happened and when, and says what to do next.
/// Times are since a beginning of the caller's choice, memory is in bytes.
///
/// A model waits, loads, is ready, leaves. It leaves once nobody has asked for it for its time to keep, when it is
/// told to, or when another needs its room: the one that was used least recently first, never one that is pinned,
/// answers or loads for somebody. Who waits comes in by turns, so that none waits forever for a large place.
package struct Residency: Sendable {
    package enum Phase: Sendable, Equatable {
        case loading
        case ready
        /// Told to leave; its memory is not back yet.
        case leaving
    }

    /// A model with a process.
    package struct Resident: Sendable, Equatable {
        /// Which of all lives this is, so that what comes late from an earlier one is told apart.
        package let life: Int
        package internal(set) var phase = Phase.loading
        /// What it is expected to take until it has been measured, then what it takes.
        package internal(set) var bytes: Int
        /// Requests that wait for it or are at work.
        package internal(set) var uses: Int
        package internal(set) var lastUsed: Duration
        package internal(set) var keepAlive: KeepAlive
        /// When it leaves for want of requests; `nil` while there are some, and where it is kept.
        package internal(set) var expiresAt: Duration?
        package let isPinned: Bool
        /// Whether it was told to leave once its answers have ended, by name.
        package internal(set) var isUnloaded = false
        /// Whether it leaves once its answers have ended because another has waited long enough for its room.
        package internal(set) var isYielding = false

        /// Whether a request may still be given to it.
        package var takesRequests: Bool { phase != .leaving && !isUnloaded && !isYielding }
        /// Whether it could go now.
        var isIdle: Bool { phase != .leaving && uses == 0 }
        /// Whether it may be made to go for another.
        var isEvictable: Bool { isIdle && !isPinned }
    }

    /// A model that waits for memory.
    package struct Arrival: Sendable, Equatable {
        package let model: Need
        /// When the first of those who wait asked.
        package let since: Duration
        package internal(set) var waiting: Int
    }

    /// What a model needs to come in.
    package struct Need: Sendable, Equatable {
        package var id: String
        package var bytes: Int
        package var keepAlive: KeepAlive
        package var isPinned: Bool

        package init(id: String, bytes: Int, keepAlive: KeepAlive = .standard, isPinned: Bool = false) {
            self.id = id
            self.bytes = bytes
            self.keepAlive = keepAlive
            self.isPinned = isPinned
        }
    }

    /// What there is room for.
    package struct Limits: Sendable, Equatable {
        /// What all models together may take now; `nil` is not limited.
        package var bytes: Int?
        /// What they could take at best, were nothing else on the machine.
        package var bytesAtBest: Int?
        /// How many there may be; `nil` is not limited.
        package var count: Int?
        /// How long a request may wait for room.
        package var wait: Duration
        /// How long it waits before models that are never idle stop to take new requests for its sake.
        package var patience: Duration

        package init(
            bytes: Int? = nil, bytesAtBest: Int? = nil, count: Int? = nil, wait: Duration = .seconds(60),
            patience: Duration = .seconds(3)
        ) {
            self.bytes = bytes
            self.bytesAtBest = bytesAtBest ?? bytes
            self.count = count
            self.wait = wait
            self.patience = patience
        }
    }

    /// What is to be done now.
    package enum Action: Sendable, Equatable {
        /// There is room: its process is to be started, for all who wait.
        case start(String, life: Int)
        /// It takes requests again: all who waited are given to the process that is there.
        case join(String, life: Int)
        /// Its process is to be told to leave.
        case stop(String)
        /// Nobody waits for it any more.
        case refuse(String, Refusal)
    }

    package internal(set) var residents: [String: Resident] = [:]
    /// In the order in which they come in.
    package internal(set) var arrivals: [Arrival] = []
    private var lives = 0

    package init() {}

    // MARK: What happens

    /// A request wants the model.
    ///
    /// - Parameter need: what it takes if it has to come in first.
    /// - Returns: the life of the process that has it, or will; `nil` where it has to wait, until
    ///   ``Action/start(_:life:)`` or ``Action/join(_:life:)`` gives it to one. Complexity: O(1) where it is there.
    package mutating func enter(_ id: String, at now: Duration, need: () -> Need) -> Int? {
        if let index = residents.index(forKey: id), residents.values[index].takesRequests {
            residents.values[index].uses += 1
            residents.values[index].lastUsed = now
            residents.values[index].expiresAt = nil
            return residents.values[index].life
        }
        if let index = arrivals.firstIndex(where: { $0.model.id == id }) {
            arrivals[index].waiting += 1
        } else {
            arrivals.append(Arrival(model: need(), since: now, waiting: 1))
        }
        return nil
    }

    /// A request that waits for the model has gone.
    package mutating func giveUp(_ id: String) {
        guard let index = arrivals.firstIndex(where: { $0.model.id == id }) else { return }
        arrivals[index].waiting -= 1
        if arrivals[index].waiting == 0 { arrivals.remove(at: index) }
    }

    /// A request has ended, or one that the model was loading for has gone.
    package mutating func release(_ id: String, life: Int, at now: Duration) {
        change(id, life) { $0.endUse(at: now) }
    }

    /// The model has loaded.
    package mutating func becameReady(_ id: String, life: Int, at now: Duration) {
        change(id, life) { resident in
            guard resident.phase == .loading else { return }
            resident.phase = .ready
            resident.expire(at: now)
        }
    }

    /// What the model takes has been measured; while it loads no less than what was expected.
    package mutating func measured(_ id: String, life: Int, bytes: Int) {
        change(id, life) { $0.bytes = $0.phase == .loading ? max($0.bytes, bytes) : bytes }
    }

    /// How long it stays is another time, from its next answer on.
    package mutating func keep(_ id: String, for time: KeepAlive) {
        residents[id]?.keepAlive = time
    }

    /// Tells the model to leave once its answers have ended.
    ///
    /// - Returns: whether it is there.
    package mutating func unload(_ id: String) -> Bool {
        guard residents[id] != nil else { return false }
        residents[id]?.isUnloaded = true
        return true
    }

    /// Its process has ended, and its memory is back.
    package mutating func departed(_ id: String, life: Int) {
        guard residents[id]?.life == life else { return }
        residents[id] = nil
    }

    private mutating func change(_ id: String, _ life: Int, _ body: (inout Resident) -> Void) {
        guard let index = residents.index(forKey: id), residents.values[index].life == life else { return }
        body(&residents.values[index])
    }

    mutating func takeIn(_ arrival: Arrival, at now: Duration) -> Int {
        lives += 1
        residents[arrival.model.id] = Resident(
            life: lives, bytes: arrival.model.bytes, uses: arrival.waiting, lastUsed: now,
            keepAlive: arrival.model.keepAlive, isPinned: arrival.model.isPinned)
        return lives
    }
}

extension Residency.Resident {
    /// One of its uses has ended.
    mutating func endUse(at now: Duration) {
        uses -= 1
        lastUsed = now
        expire(at: now)
    }

    /// The time to keep begins where nobody uses it.
    fileprivate mutating func expire(at now: Duration) {
        guard uses == 0, phase == .ready, !isPinned, case .time(let time) = keepAlive else {
            expiresAt = nil
            return
        }
        expiresAt = now + time
    }
}
