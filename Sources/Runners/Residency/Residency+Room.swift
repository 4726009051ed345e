extension Residency {
    /// What follows from what has happened, now.
    ///
    /// Complexity: O(residents × arrivals) at most; both are few.
    package mutating func advance(at now: Duration, within limits: Limits) -> [Action] {
        var actions = letGo(at: now) + trim(limits)
        guard !arrivals.isEmpty || residents.values.contains(where: \.isYielding) else { return actions }
        for id in residents.keys { residents[id]?.isYielding = false }
        var isBlocked = false
        for arrival in arrivals where residents[arrival.model.id] == nil {
            let id = arrival.model.id
            if let refusal = misfit(of: arrival, limits) {
                actions.append(refuse(arrival, refusal))
                continue
            }
            let room = isBlocked ? .notNow : room(for: arrival, limits)
            switch room {
            case .free:
                arrivals.removeAll { $0.model.id == id }
                actions.append(.start(id, life: takeIn(arrival, at: now)))
            case .comes(let leaving):
                isBlocked = true
                actions += leaving.map { leave($0) }
            case .notNow where now - arrival.since >= limits.wait:
                actions.append(refuse(arrival, waited(arrival, limits)))
            case .notNow:
                // Only the first that cannot come in has others stand aside for it.
                if !isBlocked, now - arrival.since >= limits.patience {
                    actions += haveRoomMade(for: arrival, limits)
                }
                isBlocked = true
            }
        }
        return actions + settle(at: now, limits)
    }

    /// When the passing of time alone may lead to something; `nil` for never.
    package func nextDeadline(after now: Duration, within limits: Limits) -> Duration? {
        let expiries = residents.values.compactMap(\.expiresAt)
        let waits = arrivals.flatMap { [$0.since + limits.patience, $0.since + limits.wait] }
        return (expiries + waits).filter { $0 > now }.min()
    }

    // MARK: Leaving

    /// Those that are done with.
    private mutating func letGo(at now: Duration) -> [Action] {
        residents.filter { $1.isIdle && ($1.isUnloaded || $1.expiresAt.map { $0 <= now } == true) }
            .keys.sorted().map { leave($0) }
    }

    /// Those that have grown beyond the budget since they came in go, but for the one that was used last: it would only
    /// be loaded again. A sixteenth is let pass.
    private mutating func trim(_ limits: Limits) -> [Action] {
        guard let bytes = limits.bytes else { return [] }
        var held = residents.values.reduce(0) { $0 + ($1.phase == .leaving ? 0 : $1.bytes) }
        guard held > bytes + bytes / 16 else { return [] }
        let newest = residents.values.map(\.lastUsed).max()
        var actions: [Action] = []
        for (id, resident) in evictable where held > bytes + bytes / 16 && resident.lastUsed != newest {
            held -= resident.bytes
            actions.append(leave(id))
        }
        return actions
    }

    private mutating func leave(_ id: String) -> Action {
        residents[id]?.phase = .leaving
        residents[id]?.expiresAt = nil
        return .stop(id)
    }

    /// Who waits for a model that stays after all is given to it; who waited too long for one that leaves is told so.
    private mutating func settle(at now: Duration, _ limits: Limits) -> [Action] {
        var actions: [Action] = []
        for arrival in arrivals {
            guard let resident = residents[arrival.model.id] else { continue }
            if resident.takesRequests {
                arrivals.removeAll { $0.model.id == arrival.model.id }
                residents[arrival.model.id]?.uses += arrival.waiting
                residents[arrival.model.id]?.lastUsed = now
                residents[arrival.model.id]?.expiresAt = nil
                actions.append(.join(arrival.model.id, life: resident.life))
            } else if resident.phase != .leaving, now - arrival.since >= limits.wait {
                actions.append(refuse(arrival, waited(arrival, limits)))
            }
        }
        return actions
    }

    private mutating func refuse(_ arrival: Arrival, _ refusal: Refusal) -> Action {
        arrivals.removeAll { $0.model.id == arrival.model.id }
        return .refuse(arrival.model.id, refusal)
    }

    // MARK: Room

    private enum Room {
        case free
        /// Once these, and those that are leaving already, have left.
        case comes([String])
        /// Too many are at work.
        case notNow
    }

    private func room(for arrival: Arrival, _ limits: Limits) -> Room {
        var left = limits.left(by: residents.values)
        if left.holds(arrival.model.bytes) { return .free }
        for resident in residents.values where resident.phase == .leaving { left.add(resident.bytes) }
        if left.holds(arrival.model.bytes) { return .comes([]) }
        let idle = evictable
        var chosen: [String] = []
        for (id, resident) in idle where !left.holds(arrival.model.bytes) {
            left.add(resident.bytes)
            chosen.append(id)
        }
        guard left.holds(arrival.model.bytes) else { return .notNow }
        // A small one that was chosen before a large one need not go where the large one is enough.
        for id in chosen {
            guard let bytes = residents[id]?.bytes else { continue }
            left.add(-bytes, places: -1)
            if left.holds(arrival.model.bytes) {
                chosen.removeAll { $0 == id }
            } else {
                left.add(bytes)
            }
        }
        return .comes(chosen)
    }

    /// All that may go now, the least recently used first.
    private var evictable: [(key: String, value: Resident)] {
        residents.filter(\.value.isEvictable).sorted { ($0.value.lastUsed, $0.key) < ($1.value.lastUsed, $1.key) }
    }

    /// Idle ones go, and as many busy ones as it takes are given no further requests; the least recently used first.
    private mutating func haveRoomMade(for arrival: Arrival, _ limits: Limits) -> [Action] {
        var left = limits.left(by: residents.values)
        for resident in residents.values where resident.phase == .leaving { left.add(resident.bytes) }
        let idle = evictable
        for (_, resident) in idle { left.add(resident.bytes) }
        let busy = residents.filter { $1.phase != .leaving && $1.uses > 0 && !$1.isPinned }
            .sorted { ($0.value.lastUsed, $0.key) < ($1.value.lastUsed, $1.key) }
        for (id, resident) in busy where !left.holds(arrival.model.bytes) {
            residents[id]?.isYielding = true
            left.add(resident.bytes)
        }
        return idle.map { leave($0.key) }
    }

    // MARK: Refusals

    /// Why the model could not come in even if all that may go had gone.
    private func misfit(of arrival: Arrival, _ limits: Limits) -> Refusal? {
        let pinned = residents.values.filter(\.isPinned)
        let held = pinned.reduce(0) { $0 + $1.bytes }
        if let count = limits.count, pinned.count >= count { return .noPlace(count: count) }
        guard let bytes = limits.bytes, arrival.model.bytes > bytes - held else { return nil }
        // Other programs' memory may come back.
        let canComeLater = limits.bytesAtBest.map { arrival.model.bytes <= $0 - held } ?? true
        return .tooLarge(
            .init(needed: arrival.model.bytes, budget: bytes, pinned: held, busy: 0), canComeLater: canComeLater)
    }

    private func waited(_ arrival: Arrival, _ limits: Limits) -> Refusal {
        let pinned = residents.values.filter(\.isPinned).reduce(0) { $0 + $1.bytes }
        let busy = residents.values.filter { !$0.isPinned && $0.uses > 0 }.reduce(0) { $0 + $1.bytes }
        return .waitedTooLong(
            .init(needed: arrival.model.bytes, budget: limits.bytes, pinned: pinned, busy: busy), wait: limits.wait)
    }
}

/// What is left of the limits.
private struct Left {
    var bytes: Int?
    var places: Int?

    func holds(_ needed: Int) -> Bool {
        (bytes.map { needed <= $0 } ?? true) && (places.map { $0 > 0 } ?? true)
    }

    mutating func add(_ freed: Int, places count: Int = 1) {
        if let old = bytes { bytes = old + freed }
        if let old = places { places = old + count }
    }
}

extension Residency.Limits {
    fileprivate func left(by residents: some Collection<Residency.Resident>) -> Left {
        let held = residents.reduce(0) { $0 + $1.bytes }
        return Left(bytes: bytes.map { $0 - held }, places: count.map { $0 - residents.count })
    }
}
