import Runners
import Testing

@Suite("Residency")
struct ResidencyTests {
    /// A residency, its time and its limits.
    struct World {
        var residency = Residency()
        var now = Duration.zero
        var limits: Residency.Limits

        init(bytes: Int? = nil, count: Int? = nil) {
            limits = .init(bytes: bytes, count: count, wait: .seconds(60), patience: .seconds(3))
        }

        /// A request comes.
        ///
        /// - Returns: its life where the model is there.
        @discardableResult
        mutating func ask(_ id: String, bytes: Int = 100, keep: KeepAlive = .standard, pinned: Bool = false) -> Int? {
            now += .milliseconds(1)
            return residency.enter(id, at: now) { .init(id: id, bytes: bytes, keepAlive: keep, isPinned: pinned) }
        }

        mutating func advance(by time: Duration = .zero) -> [Residency.Action] {
            now += time
            return residency.advance(at: now, within: limits)
        }

        /// Brings a model in, lets it load and answer.
        mutating func load(_ id: String, bytes: Int = 100, keep: KeepAlive = .standard, pinned: Bool = false) throws {
            ask(id, bytes: bytes, keep: keep, pinned: pinned)
            let life = try #require(start(id, in: advance()))
            residency.becameReady(id, life: life, at: now)
            residency.release(id, life: life, at: now)
            #expect(advance() == [])
        }

        /// Its request ends.
        mutating func release(_ id: String) {
            now += .milliseconds(1)
            residency.release(id, life: residency.residents[id]?.life ?? 0, at: now)
        }

        mutating func ready(_ id: String) {
            residency.becameReady(id, life: residency.residents[id]?.life ?? 0, at: now)
        }

        mutating func depart(_ id: String) {
            residency.departed(id, life: residency.residents[id]?.life ?? 0)
        }

        private func start(_ id: String, in actions: [Residency.Action]) -> Int? {
            for case .start(id, let life) in actions { return life }
            return nil
        }
    }

    // MARK: Coming in

    @Test("The first request of a model starts it; others meanwhile are given the same life")
    func firstStarts() {
        var world = World()
        #expect(world.ask("a") == nil)
        #expect(world.advance() == [.start("a", life: 1)])
        #expect(world.ask("a") == 1)
        #expect(world.residency.residents["a"]?.uses == 2)
        #expect(world.advance() == [])
    }

    @Test("What fits comes in at once")
    func fits() {
        var world = World(bytes: 250)
        world.ask("a")
        world.ask("b")
        #expect(world.advance() == [.start("a", life: 1), .start("b", life: 2)])
    }

    @Test("Who waits for the same model waits together, and is counted when it starts")
    func waitsTogether() throws {
        var world = World(bytes: 100)
        try world.load("a")
        world.ask("b")
        world.ask("b")
        #expect(world.residency.arrivals.map(\.waiting) == [2])
        #expect(world.advance() == [.stop("a")])
        world.depart("a")
        #expect(world.advance() == [.start("b", life: 2)])
        #expect(world.residency.residents["b"]?.uses == 2)
    }

    @Test("Who gives up is not waited for, and the last takes the place in the line along")
    func givesUp() throws {
        var world = World(bytes: 100)
        world.ask("a")
        _ = world.advance()
        world.ask("b")
        world.ask("b")
        world.residency.giveUp("b")
        #expect(world.residency.arrivals.map(\.waiting) == [1])
        world.residency.giveUp("b")
        world.residency.giveUp("b")
        #expect(world.residency.arrivals.isEmpty)
    }

    // MARK: Leaving

    @Test("The least recently used goes, and the next starts only when its memory is back")
    func leastRecentlyUsedGoes() throws {
        var world = World(bytes: 250)
        try world.load("a")
        try world.load("b")
        #expect(world.ask("a") != nil)
        world.release("a")
        world.ask("c")
        #expect(world.advance() == [.stop("b")])
        #expect(world.advance() == [], "its process has not ended yet")
        world.depart("b")
        #expect(world.advance() == [.start("c", life: 3)])
    }

    @Test("As many go as it takes, and a small one that need not go stays")
    func asManyAsItTakes() throws {
        var world = World(bytes: 400)
        try world.load("small", bytes: 10)
        try world.load("a", bytes: 150)
        try world.load("b", bytes: 150)
        world.ask("large", bytes: 300)
        #expect(world.advance() == [.stop("a"), .stop("b")])
        var other = World(bytes: 400)
        try other.load("small", bytes: 10)
        try other.load("a", bytes: 300)
        other.ask("b", bytes: 250)
        #expect(other.advance() == [.stop("a")])
    }

    @Test("A count is kept as memory is")
    func countIsKept() throws {
        var world = World(count: 2)
        try world.load("a")
        try world.load("b")
        world.ask("c")
        #expect(world.advance() == [.stop("a")])
        world.depart("a")
        #expect(world.advance() == [.start("c", life: 3)])
    }

    @Test("One that answers or loads for somebody does not go; it goes when it is done")
    func busyStays() throws {
        var world = World(bytes: 200)
        try world.load("a")
        world.ask("a")
        world.ask("b")
        #expect(world.advance() == [.start("b", life: 2)])
        world.ask("c")
        #expect(world.advance() == [], "a answers, b loads for somebody")
        world.release("b")
        #expect(world.advance() == [.stop("b")], "nobody waits for b any more")
    }

    @Test("A request for one that leaves waits for its end, and starts it again")
    func comesBack() throws {
        var world = World(bytes: 100)
        try world.load("a")
        world.ask("b")
        #expect(world.advance() == [.stop("a")])
        #expect(world.ask("a") == nil)
        #expect(world.advance() == [])
        world.depart("a")
        #expect(world.advance() == [.start("b", life: 2)])
        world.ready("b")
        world.release("b")
        #expect(world.advance() == [.stop("b")])
        world.depart("b")
        #expect(world.advance() == [.start("a", life: 3)])
    }

    @Test("What comes late from an earlier life changes nothing")
    func earlierLife() throws {
        var world = World(bytes: 100)
        try world.load("a")
        world.ask("a")
        world.depart("a")
        world.ask("a")
        #expect(world.advance() == [.start("a", life: 2)])
        world.residency.release("a", life: 1, at: world.now)
        world.residency.becameReady("a", life: 1, at: world.now)
        world.residency.departed("a", life: 1)
        world.residency.measured("a", life: 1, bytes: 7)
        let a = try #require(world.residency.residents["a"])
        #expect((a.uses, a.phase, a.bytes) == (1, .loading, 100))
    }

    // MARK: Time

    @Test("A model goes when its time to keep has passed since its last answer, and not while it answers")
    func expires() throws {
        var world = World()
        try world.load("a", keep: .time(.seconds(10)))
        #expect(world.residency.nextDeadline(after: world.now, within: world.limits) == world.now + .seconds(10))
        #expect(world.advance(by: .seconds(9)) == [])
        world.ask("a")
        #expect(world.residency.nextDeadline(after: world.now, within: world.limits) == nil)
        #expect(world.advance(by: .seconds(100)) == [])
        world.release("a")
        #expect(world.advance(by: .milliseconds(9_999)) == [])
        #expect(world.advance(by: .milliseconds(1)) == [.stop("a")])
    }

    @Test("Kept for no time, it goes with its answer; kept forever, it stays")
    func noTimeAndForever() throws {
        var world = World()
        world.ask("a", keep: .time(.zero))
        _ = world.advance()
        world.ready("a")
        #expect(world.advance() == [])
        world.release("a")
        #expect(world.advance() == [.stop("a")])
        try world.load("b", keep: .forever)
        #expect(world.advance(by: .seconds(1_000_000)) == [])
    }

    @Test("Another time to keep counts from the next answer on")
    func keptOtherwise() throws {
        var world = World()
        try world.load("a")
        world.residency.keep("a", for: .time(.zero))
        #expect(world.advance() == [])
        world.ask("a")
        world.release("a")
        #expect(world.advance() == [.stop("a")])
    }

    @Test("A model that loaded for nobody, because all gave up, is kept like any other")
    func loadedForNobody() throws {
        var world = World()
        world.ask("a", keep: .time(.seconds(5)))
        _ = world.advance()
        world.release("a")
        world.ready("a")
        #expect(world.advance(by: .seconds(4)) == [])
        #expect(world.advance(by: .seconds(1)) == [.stop("a")])
    }

    // MARK: By name

    @Test("One that is unloaded ends its answers first, and takes no further request")
    func unload() throws {
        var world = World()
        try world.load("a")
        world.ask("a")
        let isThere = world.residency.unload("a")
        #expect(isThere)
        #expect(world.advance() == [])
        #expect(world.ask("a") == nil)
        world.release("a")
        #expect(world.advance() == [.stop("a")])
        world.depart("a")
        #expect(world.advance() == [.start("a", life: 2)])
        let isOther = world.residency.unload("b")
        #expect(!isOther)
    }

    @Test("Pinned ones neither expire nor make room, and go only by name")
    func pinned() throws {
        var world = World(bytes: 200)
        try world.load("a", keep: .time(.zero), pinned: true)
        try world.load("b")
        world.ask("c")
        #expect(world.advance(by: .seconds(100)) == [.stop("b")])
        let isThere = world.residency.unload("a")
        #expect(isThere)
        #expect(world.advance() == [.stop("a")])
    }

    // MARK: What does not fit

    @Test("One larger than the budget is refused at once with the figures, and leaves the others alone")
    func tooLarge() throws {
        var world = World(bytes: 250)
        try world.load("a")
        world.ask("giant", bytes: 251)
        let figures = Refusal.Figures(needed: 251, budget: 250, pinned: 0, busy: 0)
        #expect(world.advance() == [.refuse("giant", .tooLarge(figures, canComeLater: false))])
        #expect(world.residency.residents["a"] != nil && world.residency.arrivals.isEmpty)
    }

    @Test("So is one for which pinned ones leave no room, in memory or number")
    func noRoomBesidePinned() throws {
        var world = World(bytes: 250, count: 2)
        try world.load("a", bytes: 100, pinned: true)
        world.ask("b", bytes: 200)
        let figures = Refusal.Figures(needed: 200, budget: 250, pinned: 100, busy: 0)
        #expect(world.advance() == [.refuse("b", .tooLarge(figures, canComeLater: false))])
        try world.load("c", bytes: 100, pinned: true)
        world.ask("d", bytes: 1)
        #expect(world.advance() == [.refuse("d", .noPlace(count: 2))])
    }

    @Test("Where other programs have the memory, trying again can help")
    func othersHaveIt() {
        var world = World()
        world.limits.bytes = 50
        world.limits.bytesAtBest = 500
        world.ask("a", bytes: 100)
        let figures = Refusal.Figures(needed: 100, budget: 50, pinned: 0, busy: 0)
        #expect(world.advance() == [.refuse("a", .tooLarge(figures, canComeLater: true))])
    }

    @Test("Who waits too long for busy ones is told so, with what they hold")
    func waitsTooLong() throws {
        var world = World(bytes: 200)
        try world.load("a", pinned: true)
        world.ask("b")
        #expect(world.advance() == [.start("b", life: 2)])
        world.ask("c")
        #expect(world.advance() == [])
        #expect(world.advance(by: .seconds(59)) == [])
        let figures = Refusal.Figures(needed: 100, budget: 200, pinned: 100, busy: 100)
        #expect(
            world.advance(by: .seconds(1)) == [.refuse("c", .waitedTooLong(figures, wait: .seconds(60)))])
        #expect(world.ask("b") == 2, "b takes requests again")
    }

    @Test("The first in the line is not overtaken by one that would fit")
    func firstIsFirst() throws {
        var world = World(bytes: 300)
        world.ask("a", bytes: 200)
        _ = world.advance()
        world.ask("large", bytes: 250)
        world.ask("small", bytes: 50)
        #expect(world.advance() == [])
        world.ready("a")
        world.release("a")
        #expect(world.advance() == [.stop("a")])
        world.depart("a")
        #expect(world.advance() == [.start("large", life: 2), .start("small", life: 3)])
    }

    @Test("A model that is never idle takes no further requests once another has waited a while for its room")
    func yields() throws {
        var world = World(bytes: 100)
        try world.load("a")
        world.ask("a")
        world.ask("b")
        #expect(world.advance() == [])
        #expect(world.ask("a") == 1, "at first it goes on")
        world.release("a")
        #expect(world.advance(by: .seconds(3)) == [])
        #expect(world.ask("a") == nil, "now it waits behind b")
        world.release("a")
        #expect(world.advance() == [.stop("a")])
        world.depart("a")
        #expect(world.advance() == [.start("b", life: 2)])
        #expect(world.residency.arrivals.map(\.model.id) == ["a"])
    }

    @Test("Where the one that waited gives up, those behind it are given to the model that stays after all")
    func yieldsNoMore() throws {
        var world = World(bytes: 100)
        try world.load("a")
        world.ask("a")
        world.ask("b")
        _ = world.advance(by: .seconds(3))
        #expect(world.ask("a") == nil)
        world.residency.giveUp("b")
        #expect(world.advance() == [.join("a", life: 1)])
        #expect(world.residency.residents["a"]?.uses == 2)
    }

    // MARK: Measuring

    @Test("What was measured counts, no less than was expected while it loads")
    func measured() throws {
        var world = World(bytes: 300)
        world.ask("a", bytes: 200)
        _ = world.advance()
        world.residency.measured("a", life: 1, bytes: 20)
        world.ask("b", bytes: 150)
        #expect(world.advance() == [], "it is going to take 200")
        world.ready("a")
        world.residency.measured("a", life: 1, bytes: 120)
        #expect(world.advance() == [.start("b", life: 2)])
    }

    @Test("Those that outgrow the budget go, the one used last excepted")
    func outgrown() throws {
        var world = World(bytes: 200)
        try world.load("a")
        world.now += .seconds(1)
        try world.load("b")
        world.residency.measured("b", life: 2, bytes: 150)
        #expect(world.advance() == [.stop("a")])
        world.depart("a")
        world.residency.measured("b", life: 2, bytes: 500)
        #expect(world.advance() == [])
    }
}
