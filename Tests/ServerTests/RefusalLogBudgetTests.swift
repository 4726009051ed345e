import Server
import Testing

@Suite("Log lines about refused web pages")
struct RefusalLogBudgetTests {
    @Test("are limited in a minute, and the next line says how many were left out")
    func limited() {
        let budget = RefusalLogBudget()
        let start = ContinuousClock.now
        for _ in 0..<RefusalLogBudget.lines { #expect(budget.admit(at: start) == 0) }
        for _ in 0..<1_000 { #expect(budget.admit(at: start + .seconds(59)) == nil) }
        #expect(budget.admit(at: start + .seconds(60)) == 1_000)
        #expect(budget.admit(at: start + .seconds(60)) == 0)
    }
}
