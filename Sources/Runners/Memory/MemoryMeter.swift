/// Reads how much memory there is, and who has it.
package protocol MemoryMeter: Sendable {
    /// What a process has; `nil` where it is gone, or the system does not tell.
    func process(_ id: Int) -> ProcessMemory?
    /// What the machine has, or the part of it that this process may use; `nil` where the system does not tell.
    func machine() -> MachineMemory?
}

/// What a process has in memory, in bytes.
package struct ProcessMemory: Sendable, Equatable {
    package var resident: Int
    /// The most that it has had.
    package var peak: Int
    /// What of it is files, which the system counts as available too.
    package var files: Int

    package init(resident: Int, peak: Int, files: Int = 0) {
        self.resident = resident
        self.peak = peak
        self.files = files
    }
}

/// What there is for all, in bytes.
package struct MachineMemory: Sendable, Equatable {
    package var total: Int
    /// What can be had without taking it from anybody.
    package var available: Int

    package init(total: Int, available: Int) {
        self.total = total
        self.available = available
    }

    /// What is left to other programs: an eighth, 2 GiB at most.
    package var margin: Int { min(total / 8, 2 << 30) }

    /// The smaller of two at each.
    package func limited(by other: MachineMemory) -> MachineMemory {
        MachineMemory(total: min(total, other.total), available: min(available, other.available))
    }
}
