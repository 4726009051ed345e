import SystemSupport

/// Gathers the faults of one body while it is decoded, so that all are named at once.
///
/// Bounded: a body of ten thousand faults is not answered with ten thousand lines.
final class FaultCollector: Sendable {
    static let listed = 20
    static let key = CodingUserInfoKey(rawValue: "dpais.faults")

    private struct State {
        var faults: [FieldFault] = []
        var count = 0
    }

    private let state = Locked(State())

    func add(_ code: FieldFault.Code, at path: [any CodingKey], _ message: String) {
        state.withLock { state in
            state.count += 1
            guard state.faults.count < Self.listed else { return }
            state.faults.append(FieldFault(code: code, path: path.fieldPath, message: message))
        }
    }

    /// How many were gathered, listed or not.
    var count: Int { state.withLock { $0.count } }

    /// What was gathered, if anything.
    var failure: ValidationFailure? {
        state.withLock { state in
            state.count == 0 ? nil : ValidationFailure(faults: state.faults, count: state.count)
        }
    }
}

extension Decoder {
    /// The collector of the body that is being decoded. Decoding outside of a body gathers into nothing.
    var faults: FaultCollector {
        FaultCollector.key.flatMap { userInfo[$0] as? FaultCollector } ?? FaultCollector()
    }
}

extension [any CodingKey] {
    /// The path as a caller writes it: `messages[3].content`; `nil` is the body itself.
    var fieldPath: String? {
        guard !isEmpty else { return nil }
        var path = ""
        for key in self {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : "." + key.stringValue
            }
        }
        return path
    }
}
