import CHalf

/// Threads that share the work of one caller at a time, and sleep between calls.
///
/// Who shares one among networks must see to it that they take turns.
package final class ComputeTeam: @unchecked Sendable {
    // The team's own state is atomic; that one caller uses it at a time is its users' duty.
    let pointer: OpaquePointer

    /// - Parameter threads: the most that work, the caller among them.
    package init(threads: Int) {
        guard let pointer = half_team_create(Int32(threads)) else { fatalError("out of memory") }
        self.pointer = pointer
    }

    deinit { half_team_destroy(pointer) }
}
