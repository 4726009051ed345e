import Foundation
import Machine
import TestSupport
import Testing

@Suite("Memory as the system tells it")
struct MemoryTests {
    @Test("Lines in kB are read as bytes, others passed over")
    func lines() throws {
        let text = "Name:\tx y kB\nVmRSS:\t  12 kB\nThreads:\t5\nVmHWM: 20 kB\nVmX: many kB\n"
        let table = try withFiles(["status": text]) { SystemFiles(root: $0).table("/status") }
        #expect(table == ["VmRSS": 12 << 10, "VmHWM": 20 << 10])
    }

    @Test("This process has memory, and the machine has more")
    func thisProcess() throws {
        let own = try #require(ProcessMemory.read(of: Int(ProcessInfo.processInfo.processIdentifier)))
        let machine = try #require(MachineMemory.read())
        #expect(own.resident > 1 << 20 && own.peak >= own.resident && own.files <= own.resident)
        #expect(machine.total > own.resident && machine.available <= machine.total)
        #expect(ProcessMemory.read(of: 0x3FFF_FFFF) == nil)
    }

    /// A file system of the test's own.
    private func withFiles<Value>(_ files: [String: String], _ body: (String) throws -> Value) throws -> Value {
        try withTemporaryFolder { folder in
            for (path, text) in files { try folder.write(path, text) }
            return try body(folder.path)
        }
    }

    @Test("The limits of a group and of those around it count; files in memory are available")
    func secondVersion() throws {
        let files = [
            "proc/self/cgroup": "0::/user/app\n",
            "sys/fs/cgroup/user/app/memory.max": "max\n", "sys/fs/cgroup/user/app/memory.current": "1\n",
            "sys/fs/cgroup/user/memory.max": "1000\n", "sys/fs/cgroup/user/memory.current": "700\n",
            "sys/fs/cgroup/user/memory.stat": "anon 5\ninactive_file 300\nactive_file 100\n",
        ]
        let limits = try withFiles(files) { MachineMemory.limits(root: $0) }
        #expect(limits == [MachineMemory(total: 1_000, available: 700)])
    }

    @Test("A container that sees its group as the root has its limit")
    func container() throws {
        let files = ["proc/self/cgroup": "0::/../x\n", "sys/fs/cgroup/memory.max": "2000\n"]
        let limits = try withFiles(files) { MachineMemory.limits(root: $0) }
        #expect(limits == [MachineMemory(total: 2_000, available: 2_000)])
    }

    @Test("The first version has other names, and a very large number for none")
    func firstVersion() throws {
        let files = [
            "proc/self/cgroup": "9:cpu:/a\n8:memory:/a\n",
            "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "500\n",
            "sys/fs/cgroup/memory/a/memory.usage_in_bytes": "100\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        ]
        let limits = try withFiles(files) { MachineMemory.limits(root: $0) }
        #expect(limits == [MachineMemory(total: 500, available: 400)])
    }

    @Test("No groups, no limits")
    func none() throws {
        #expect(try withFiles([:]) { MachineMemory.limits(root: $0) } == [])
    }
}
