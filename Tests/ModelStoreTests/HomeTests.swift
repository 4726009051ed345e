import Foundation
import ModelStore
import Testing

@Suite("Home")
struct HomeTests {
    @Test("DPAIS_HOME names the root, and everything lies below it")
    func named() {
        let home = Home.default(environment: ["DPAIS_HOME": "/srv/dpais/", "HOME": "/home/a"])
        #expect(home.root == "/srv/dpais")
        #expect(home.models == "/srv/dpais/models")
        #expect(home.run == "/srv/dpais/run")
        #expect(home.configurationFile == "/srv/dpais/config.json")
    }

    #if os(Linux)
        @Test("Without it the XDG specification's places are used; a relative one is ignored")
        func xdg() {
            #expect(Home.default(environment: ["HOME": "/home/a"]).root == "/home/a/.local/share/dpais")
            #expect(Home.default(environment: ["HOME": "/home/a", "XDG_DATA_HOME": "/data"]).root == "/data/dpais")
            let relative = Home.default(environment: ["HOME": "/home/a", "XDG_DATA_HOME": "data"])
            #expect(relative.root == "/home/a/.local/share/dpais")
        }
    #endif

    @Test("Sockets go to the runtime folder where there is one that is short enough")
    func runtimeFolder() {
        let home = Home(root: "/srv", environment: ["XDG_RUNTIME_DIR": "/run/user/1000"])
        #expect(home.run == "/run/user/1000/dpais")
        let long = Home(root: "/srv", environment: ["XDG_RUNTIME_DIR": "/" + String(repeating: "x", count: 90)])
        #expect(long.run == "/srv/run")
    }

    @Test("The path of a socket fits in a socket's address, however long the home and the name are")
    func socketPaths() {
        let home = Home(root: "/" + String(repeating: "x", count: 200))
        let name = String(repeating: "m", count: 64)
        #expect(home.run == "/tmp/dpais-\(geteuid())")
        #expect(home.socketPath(name + "1.sock").utf8.count < 104)
        #expect(home.socketPath(name + "1.sock") != home.socketPath(name + "2.sock"))
    }

    @Test("The folder for sockets is made for its owner only, and closed where it was open")
    func privateRunFolder() async throws {
        try await withHome { home in
            func mode() throws -> Int? {
                try FileManager.default.attributesOfItem(atPath: home.run)[.posixPermissions] as? Int
            }
            // A root too long for sockets would lead to the shared place that other programs use.
            try #require(home.run.hasPrefix(home.root))
            try home.prepareRunFolder()
            #expect(try mode() == 0o700)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: home.run)
            try home.prepareRunFolder()
            #expect(try mode() == 0o700)
        }
    }
}
