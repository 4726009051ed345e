import Machine

/// Reads how much memory there is, and who has it.
package protocol MemoryMeter: Sendable {
    /// What a process has; `nil` where it is gone, or the system does not tell.
    func process(_ id: Int) -> ProcessMemory?
    /// What the machine has, or the part of it that this process may use; `nil` where the system does not tell.
    func machine() -> MachineMemory?
}

extension MachineMemory {
    /// What is left to other programs: an eighth, 2 GiB at most.
    package var margin: Int { min(total / 8, 2 << 30) }
}
