import ArgumentParser
import Testing

@testable import causeway

@Suite("The name of a node on the command line")
struct NodeNameTests {
    @Test("letters, digits and '-', '_', '.' make a name", arguments: ["a", "node-1", "db_2.company.com", "N7"])
    func valid(_ name: String) throws {
        let command = try #require(try Causeway.parseAsRoot(["serve", "--node-name", name]) as? ServeCommand)
        #expect(command.nodeName == name)
    }

    @Test(
        "other names are refused",
        arguments: ["", "a b", "a/b", "é", "a\nb", "<b>", String(repeating: "a", count: 256)]
    )
    func invalid(_ name: String) {
        let error = #expect(throws: (any Error).self) { try Causeway.parseAsRoot(["serve", "--node-name", name]) }
        #expect(error.map { Causeway.fullMessage(for: $0, columns: 200) }?.contains("1 to 255 ASCII letters") == true)
    }
}
