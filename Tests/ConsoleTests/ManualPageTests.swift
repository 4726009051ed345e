import Console
import Foundation
import Testing

@Suite("ManualPage")
struct ManualPageTests {
    private static let description = #"""
        {"serializationVersion": 0, "command": {"commandName": "tool", "abstract": "Does things.", "subcommands": [
            {"commandName": "make", "superCommands": ["tool"], "abstract": "Makes one.", "aliases": ["mk"],
             "discussion": "Some words.\n\nExamples:\n  tool make x\n  .dotted \\ back", "arguments": [
                {"kind": "positional", "valueName": "name", "isOptional": false, "abstract": "The name."},
                {"kind": "option", "names": [{"kind": "long", "name": "size"}], "valueName": "size", "isOptional": true,
                 "abstract": "Its size.", "defaultValue": "5"},
                {"kind": "flag", "names": [{"kind": "longWithSingleDash", "name": "all"}], "isOptional": true},
                {"kind": "flag", "names": [{"kind": "long", "name": "secret"}], "shouldDisplay": false}]},
            {"commandName": "help", "superCommands": ["tool"]}]}}
        """#

    private func pages() throws -> [ManualPage] {
        let tool = try JSONDecoder().decode(CommandDescription.Tool.self, from: Data(Self.description.utf8))
        return tool.command.all.map { ManualPage($0, version: "tool 1") }
    }

    @Test("Every command that is shown has a page")
    func names() throws {
        #expect(try pages().map(\.fileName) == ["tool.1", "tool-make.1"])
    }

    @Test("A page tells how the command is called, and its examples stand as they are written")
    func content() throws {
        let page = try pages()[1].text
        #expect(page.contains("tool\\-make \\- Makes one\n"))
        #expect(page.contains("\\fBtool make\\fR \\fINAME\\fR [\\fB\\-\\-size\\fR \\fISIZE\\fR] [\\fB\\-all\\fR]\n"))
        #expect(page.contains(".nf\ntool make x\n\\&.dotted \\e back\n.fi"))
        #expect(page.contains("Its size. Default: 5.") && !page.contains("secret"))
        #expect(page.contains("Also: \\fBmk\\fR"))
    }
}
