/// `Content-Range: bytes 100-199/200` (RFC 9110, 14.4).
struct ContentRange: Equatable {
    var first: Int
    /// The last byte's place, not the one behind it.
    var last: Int
    /// `nil` where the server does not know it.
    var total: Int?

    init?(_ value: String) {
        let parts = value.split(whereSeparator: { " -/".contains($0) })
        guard parts.count == 4, parts[0].lowercased() == "bytes", let first = Int(parts[1]), let last = Int(parts[2]),
            first <= last, Int(parts[3]) ?? .max > last
        else { return nil }
        self.first = first
        self.last = last
        total = Int(parts[3])
    }
}
