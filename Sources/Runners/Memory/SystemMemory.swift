import Machine

/// Memory as the operating system tells it.
package struct SystemMemory: MemoryMeter {
    package init() {}

    package func process(_ id: Int) -> ProcessMemory? { ProcessMemory.read(of: id) }

    package func machine() -> MachineMemory? { MachineMemory.read() }
}
