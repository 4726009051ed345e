/// The texts of all embedding requests in flight that wait to be computed, dealt out in batches of like length.
///
/// A batch is led by the request that has had the least computed so far, counted from when it came, so a short query
/// is in the next batch however large the job before it; a large job is still served while queries keep coming, since
/// the virtual clock that newcomers start from moves with the work done (fair queueing: Demers, Keshav and Shenker
/// 1989; start-time tags: Goyal, Vin and Cheng 1996). What room the leading request leaves is filled with texts of like
/// length from the others.
///
/// A value: it computes nothing and knows no text, only lengths. Adding n texts costs O(n log n); a batch costs
/// O(texts in it + requests in flight).
package struct EmbeddingQueue: Sendable {
    /// How texts lie beside each other in a batch.
    package enum Padding: Sendable, Equatable {
        /// One after the other: a batch costs the sum of its lengths.
        case none
        /// As rows of one length, the smallest of these that holds the longest text: a batch costs rows × length. A
        /// text longer than all of them is a row of its own length.
        ///
        /// Engines prepare themselves for each shape that they have not seen, so the numbers of rows are few too.
        case upTo([Int])
    }

    /// One waiting text.
    package struct Text: Sendable, Hashable {
        /// The request, as ``EmbeddingQueue/add(_:)`` named it.
        package var request: Int
        /// Its place among the request's texts.
        package var index: Int
        /// In tokens.
        package var length: Int

        package init(request: Int, index: Int, length: Int) {
            self.request = request
            self.index = index
            self.length = length
        }
    }

    /// Texts to be computed together, the longest class first.
    package struct Batch: Sendable, Equatable {
        package var texts: [Text]
        /// The length of the rows, or of the longest text where nothing is padded.
        package var rowLength: Int
    }

    /// Upper bounds of the length classes, ascending.
    private let bounds: [Int]
    private let padding: Padding
    /// In the order they came.
    private var requests: [WaitingRequest] = []
    private var lastRequest = 0
    /// Tokens that each request in flight has been entitled to so far.
    private var clock = 0.0

    /// Texts that wait.
    package private(set) var count = 0

    package init(padding: Padding) {
        self.padding = padding
        bounds =
            switch padding {
            case .none: (0..<20).map { 1 << $0 }
            case .upTo(let lengths): lengths.sorted()
            }
    }

    package var isEmpty: Bool { count == 0 }

    /// Adds a request's texts.
    ///
    /// - Parameter lengths: in tokens, in the order of the texts.
    /// - Returns: the number that stands for the request from now on.
    package mutating func add(_ lengths: [Int]) -> Int {
        lastRequest += 1
        guard !lengths.isEmpty else { return lastRequest }
        var classes = Array(repeating: [Text](), count: bounds.count + 1)
        // Shortest last first: texts are taken from the end, the longest and foremost first.
        let order = lengths.indices.sorted { (lengths[$0], $1) < (lengths[$1], $0) }
        for index in order {
            classes[sizeClass(lengths[index])].append(Text(request: lastRequest, index: index, length: lengths[index]))
        }
        requests.append(
            WaitingRequest(number: lastRequest, tag: clock, waiting: lengths.count, classes: classes))
        count += lengths.count
        return lastRequest
    }

    /// Takes a request's waiting texts out.
    ///
    /// - Returns: the tokens that they had.
    @discardableResult
    package mutating func remove(_ request: Int) -> Int {
        guard let place = requests.firstIndex(where: { $0.number == request }) else { return 0 }
        let removed = requests.remove(at: place)
        count -= removed.waiting
        return removed.classes.joined().reduce(0) { $0 + $1.length }
    }

    /// Takes the next batch out; `nil` where nothing waits.
    ///
    /// - Parameters:
    ///   - tokenBudget: what a batch may cost; a text that costs more by itself is a batch of its own.
    ///   - maximumTexts: the most texts in a batch.
    ///   - worthwhile: where texts are padded, texts that would waste more than an eighth of a row join only while the
    ///     batch costs less than this: below it an engine's time hardly depends on the cost.
    package mutating func next(tokenBudget: Int, maximumTexts: Int = .max, worthwhile: Int = 0) -> Batch? {
        guard let lead = requests.indices.min(by: { requests[$0].priority < requests[$1].priority }),
            let first = requests[lead].classes.lastIndex(where: { !$0.isEmpty }),
            let longest = requests[lead].classes[first].last
        else { return nil }
        var filling = Filling(
            rowLength: rowLength(longest.length), padded: padding != .none, budget: tokenBudget,
            maximumTexts: maximumTexts)
        let inFlight = Double(requests.count)
        for sizeClass in stride(from: first, through: 0, by: -1) {
            guard filling.isOpen, sizeClass == first || filling.suits(bounds[sizeClass], worthwhile: worthwhile)
            else { break }
            requests[lead].move(sizeClass, into: &filling, place: lead)
            for other in requests.indices where other != lead {
                requests[other].move(sizeClass, into: &filling, place: other)
            }
        }
        while filling.hasSurplus, let (text, place) = filling.giveBack() {
            requests[place].putBack(text, sizeClass(text.length), price: filling.price(of: text))
        }
        count -= filling.texts.count
        clock += Double(filling.cost) / inFlight
        requests.removeAll { $0.waiting == 0 }
        return Batch(texts: filling.texts, rowLength: filling.rowLength)
    }

    /// The place of the first bound that holds the length; one past the last for longer texts.
    private func sizeClass(_ length: Int) -> Int {
        var (low, high) = (0, bounds.count)
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < length { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func rowLength(_ length: Int) -> Int {
        guard padding != .none else { return length }
        let place = sizeClass(length)
        return place < bounds.count ? bounds[place] : length
    }
}

/// A request's waiting texts.
private struct WaitingRequest: Sendable {
    let number: Int
    /// Tokens computed for it, from the clock's reading when it came.
    var tag: Double
    var waiting: Int
    /// By length class; in each the longest last.
    var classes: [[EmbeddingQueue.Text]]

    /// The least leads; among equals the one that is soonest done.
    var priority: (Double, Int) { (tag, waiting) }

    /// Moves texts of one class to a batch for as long as they have room.
    mutating func move(_ sizeClass: Int, into filling: inout Filling, place: Int) {
        while let text = classes[sizeClass].last, filling.take(text, place: place) {
            classes[sizeClass].removeLast()
            waiting -= 1
            tag += Double(filling.price(of: text))
        }
    }

    mutating func putBack(_ text: EmbeddingQueue.Text, _ sizeClass: Int, price: Int) {
        classes[sizeClass].append(text)
        waiting += 1
        tag -= Double(price)
    }
}

/// A batch as it fills.
private struct Filling {
    private(set) var rowLength: Int
    private let padded: Bool
    private let budget: Int
    private let maximumTexts: Int
    private(set) var texts: [EmbeddingQueue.Text] = []
    /// Where each text's request stands.
    private var places: [Int] = []
    private(set) var cost = 0

    init(rowLength: Int, padded: Bool, budget: Int, maximumTexts: Int) {
        self.rowLength = rowLength
        self.padded = padded
        self.budget = budget
        self.maximumTexts = padded ? min(maximumTexts, Self.fewer(max(1, budget / rowLength))) : maximumTexts
    }

    var isOpen: Bool { texts.isEmpty || (texts.count < maximumTexts && cost < budget) }

    /// Whether texts of up to this length may join.
    func suits(_ bound: Int, worthwhile: Int) -> Bool {
        !padded || cost < worthwhile || bound * 8 >= rowLength * 7
    }

    func price(of text: EmbeddingQueue.Text) -> Int { padded ? rowLength : text.length }

    /// - Returns: false where the text has no room.
    mutating func take(_ text: EmbeddingQueue.Text, place: Int) -> Bool {
        // Only the class above all bounds holds rows of different lengths.
        guard !padded || text.length <= rowLength else { return false }
        let price = price(of: text)
        guard texts.isEmpty || (texts.count < maximumTexts && cost + price <= budget) else { return false }
        texts.append(text)
        places.append(place)
        cost += price
        // Where nothing is padded, another request's text of this class may be longer than what leads.
        rowLength = max(rowLength, text.length)
        return true
    }

    var hasSurplus: Bool { padded && texts.count > Self.fewer(texts.count) }

    /// The text that came last.
    mutating func giveBack() -> (text: EmbeddingQueue.Text, place: Int)? {
        guard let text = texts.popLast(), let place = places.popLast() else { return nil }
        cost -= price(of: text)
        return (text, place)
    }

    /// The largest number up to this one that has three significant binary digits: 1 to 8, 10, 12, 14, 16, 20 …
    private static func fewer(_ count: Int) -> Int {
        let digits = Int.bitWidth - count.leadingZeroBitCount
        let dropped = max(0, digits - 3)
        return (count >> dropped) << dropped
    }
}
