import Machine
import Runners
import Testing

@Suite("What is left to other programs")
struct MarginTests {
    @Test("is an eighth, and 2 GiB at most")
    func share() throws {
        #expect(MachineMemory(total: 8 << 30, available: 1).margin == 1 << 30)
        #expect(MachineMemory(total: 64 << 30, available: 1).margin == 2 << 30)
        #expect(try #require(SystemMemory().machine()).margin <= 2 << 30)
    }
}
