/// A value whose decoding never ends the decoding of what surrounds it: its faults are gathered, and it is `nil`.
struct Checked<Value: Decodable>: Decodable {
    let value: Value?

    init(from decoder: any Decoder) {
        do {
            value = try Value(from: decoder)
        } catch is FaultGathered {
            value = nil
        } catch {
            decoder.faults.add(.invalidValue, at: decoder.codingPath, "could not be read")
            value = nil
        }
    }
}

extension Checked: Sendable where Value: Sendable {}

/// Thrown by a value that cannot be made because of faults that are gathered already.
struct FaultGathered: Error {}
