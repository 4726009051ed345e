import ArgumentParser
import Background
import Console
import Server

struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start the server in the background.",
        discussion: """
            Returns when the server answers, or says why it does not. Where the user has a systemd of their own it is a \
            service of that (dpais.service: `systemctl --user enable dpais` starts it at each login); elsewhere it is a \
            process that outlives the terminal. What it says goes to a log: `dpais logs`.

            Examples:
              dpais start
              dpais start --port 9000 --preload smollm2-135m
              dpais status
            """)

    @OptionGroup var options: ServeOptions

    @Flag(name: .customLong("no-systemd"), help: "A plain process, also where there is systemd.")
    var withoutSystemd = false

    func run() async throws {
        let surroundings = Surroundings()
        let life = ServerLife(surroundings)
        let settings = try await surroundings.settings(flags: options.flags)
        if let holder = life.holder {
            let place = holder.record?.address.map { " at \($0)/v1" } ?? ""
            Terminal.output.write("dpais runs already\(place) (process \(holder.process)).\n")
            guard options.arguments.isEmpty || options.arguments == holder.record?.arguments else {
                Terminal.error.write("It keeps the flags that it was started with; `dpais restart` takes new ones.\n")
                return
            }
            return
        }
        let record = try await life.start(options.arguments, settings, allowsSystemd: !withoutSystemd)
        Self.tell(record)
    }

    static func tell(_ record: ServerRecord) {
        Terminal.output.write(
            "dpais \(record.version) serves at \(record.address ?? "")/v1 (process \(record.process)).\n")
        Terminal.error.write("`dpais logs` shows what it says, `dpais stop` stops it.\n")
    }
}
