import Machine
import Testing

@Suite("MemorySize")
struct MemorySizeTests {
    @Test("A limit below the machine's memory is what counts") func aLimitBelowTheMachinesMemory() {
        #expect(MemorySize(total: 16, limit: 4).usable == 4)
        #expect(MemorySize(total: 16, limit: 64).usable == 16)
        #expect(MemorySize(total: 16).usable == 16)
    }
}
