/// Tells how far something long is: by a line that is drawn over on a terminal, by a line now and then elsewhere.
///
/// It has no clock and writes nothing itself: each reading comes with its time, and gives what is to be written.
public struct ProgressMeter: Sendable {
    /// How far it is at one moment.
    public struct Reading: Sendable, Equatable {
        /// What is being done; a new name begins anew.
        public var name: String
        public var bytesDone: Int
        /// `nil` where nobody knows yet.
        public var bytesTotal: Int?
        /// Of ``bytesDone``, those that were there before: they say nothing of the rate.
        public var bytesKept: Int
        /// Whether bytes are counted at all.
        public var isCounted: Bool
        /// What stands after the figures.
        public var note: String?

        public init(
            name: String, bytesDone: Int = 0, bytesTotal: Int? = nil, bytesKept: Int = 0, isCounted: Bool = false,
            note: String? = nil
        ) {
            self.name = name
            self.bytesDone = bytesDone
            self.bytesTotal = bytesTotal
            self.bytesKept = bytesKept
            self.isCounted = isCounted
            self.note = note
        }
    }

    /// The rate is that of the last seconds, as those say best what is to come.
    private static let window = Duration.seconds(5)
    /// A line is not drawn over more often.
    private static let leastPause = Duration.milliseconds(100)
    /// Lines elsewhere come at each tenth, and at least this often.
    private static let longestPause = Duration.seconds(10)
    private static let erase = "\r\u{1B}[K"

    private let isDrawn: Bool
    private let isUnicode: Bool

    private var name: String?
    private var written: Set<String> = []
    private var samples: [(time: Duration, bytes: Int)] = []
    private var lastWrite: Duration?
    private var lastTenth = 0
    private var lastNote: String?

    /// - Parameters:
    ///   - isDrawn: whether a line is drawn over.
    ///   - isUnicode: whether the bar is made of blocks.
    public init(isDrawn: Bool, isUnicode: Bool) {
        self.isDrawn = isDrawn
        self.isUnicode = isUnicode
    }

    /// - Parameters:
    ///   - now: any clock's time; it never goes back.
    ///   - width: columns that there are.
    /// - Returns: what is to be written now; `nil` for nothing.
    public mutating func show(_ reading: Reading, at now: Duration, width: Int) -> String? {
        let isNew = name != reading.name
        if isNew {
            name = reading.name
            samples = []
            lastTenth = Self.tenth(reading)
        }
        samples.append((now, reading.bytesDone - reading.bytesKept))
        samples.removeAll { now - $0.time > Self.window }
        let isNoteNew = lastNote != reading.note
        lastNote = reading.note
        return isDrawn
            ? drawn(reading, now, width, isUrgent: isNew || isNoteNew) : plain(reading, now, isNew, isNoteNew)
    }

    /// What removes the drawn line, so that what follows stands alone.
    public var clearing: String { isDrawn && lastWrite != nil ? Self.erase : "" }

    private mutating func drawn(_ reading: Reading, _ now: Duration, _ width: Int, isUrgent: Bool) -> String? {
        let isDone = reading.bytesTotal == reading.bytesDone
        if !isUrgent, !isDone, let lastWrite, now - lastWrite < Self.leastPause { return nil }
        lastWrite = now
        // The last column stays free: some terminals break the line there.
        return Self.erase + line(reading, width: width - 1)
    }

    private mutating func plain(_ reading: Reading, _ now: Duration, _ isNew: Bool, _ isNoteNew: Bool) -> String? {
        if isNew {
            lastWrite = now
            // A model of several files goes through some phases once a file.
            guard written.insert(reading.name).inserted else { return nil }
            return ([reading.name] + [reading.note].compactMap { $0 }).joined(separator: "  ") + "\n"
        }
        if isNoteNew, let note = reading.note { return "\(reading.name)  \(note)\n" }
        guard reading.isCounted else { return nil }
        let tenth = Self.tenth(reading)
        guard tenth > lastTenth || now - (lastWrite ?? now) >= Self.longestPause else { return nil }
        (lastTenth, lastWrite) = (tenth, now)
        return ([reading.name] + figures(reading)).joined(separator: "  ") + "\n"
    }

    private static func tenth(_ reading: Reading) -> Int {
        guard let total = reading.bytesTotal, total > 0 else { return 0 }
        return min(10, reading.bytesDone * 10 / total)
    }

    /// As much as fits: the bar gives way first, then the figures from the last.
    private func line(_ reading: Reading, width: Int) -> String {
        var parts = [reading.name] + figures(reading) + [reading.note].compactMap { $0 }
        while parts.count > 1, Self.width(of: parts) > width { parts.removeLast() }
        if let total = reading.bytesTotal, total > 0, reading.isCounted, parts.count > 1 {
            let room = min(40, width - Self.width(of: parts) - 2)
            if room >= 8 { parts.insert(bar(Double(reading.bytesDone) / Double(total), width: room), at: 1) }
        }
        return parts.joined(separator: "  ").shortened(to: width)
    }

    private static func width(of parts: [String]) -> Int { parts.reduce(-2) { $0 + 2 + $1.displayWidth } }

    private func bar(_ share: Double, width: Int) -> String {
        let (full, empty) = isUnicode ? ("█", "░") : ("#", ".")
        let (open, close) = isUnicode ? ("", "") : ("[", "]")
        let inside = width - open.count - close.count
        let filled = Int(max(0, min(1, share)) * Double(inside))
        return open + String(repeating: full, count: filled) + String(repeating: empty, count: inside - filled) + close
    }

    private func figures(_ reading: Reading) -> [String] {
        guard reading.isCounted else { return [] }
        var parts: [String] = []
        if let total = reading.bytesTotal, total > 0 {
            parts.append("\(min(100, reading.bytesDone * 100 / total))%")
            parts.append(ByteCount.text(reading.bytesDone, of: total))
        } else {
            parts.append(ByteCount.text(reading.bytesDone))
        }
        guard let rate else { return parts }
        parts.append("\(ByteCount.text(Int(rate)))/s")
        if let total = reading.bytesTotal, total > reading.bytesDone {
            parts.append("\(DurationText.text(seconds: Double(total - reading.bytesDone) / rate)) left")
        }
        return parts
    }

    /// Bytes a second; `nil` while too little is known.
    private var rate: Double? {
        guard let first = samples.first, let last = samples.last, last.bytes > first.bytes else { return nil }
        let elapsed = (last.time - first.time) / .milliseconds(1)
        return elapsed >= 500 ? Double(last.bytes - first.bytes) * 1000 / elapsed : nil
    }
}
