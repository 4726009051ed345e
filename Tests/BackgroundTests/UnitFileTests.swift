import Background
import Testing

@Suite("UnitFile")
struct UnitFileTests {
    @Test("What systemd would read as its own is written so that it does not")
    func quoting() {
        let text = UnitFile(
            executable: "/a b/dpais", arguments: ["serve", "--host", "$x%i\"\\"],
            environment: ["DPAIS_HOME": "/h 100%"],
            log: "/logs 5%/server.log", stopTimeout: 40
        ).text
        #expect(text.contains(#"ExecStart="/a b/dpais" "serve" "--host" "$$x%%i\"\\""#))
        #expect(text.contains("Environment=\"DPAIS_HOME=/h 100%%\"\n"))
        #expect(text.contains("StandardOutput=append:/logs 5%%/server.log\n"))
        #expect(text.contains("TimeoutStopSec=40\n"))
    }
}
