import Testing

@testable import CausewayModel

@Suite("Several names in one cell")
struct ListTextTests {
    @Test(
        "names are read with or without quotes",
        arguments: [
            ("", []), (" ; | ", []), ("a;b | c", ["a", "b", "c"]), ("Ada Lovelace ;b", ["Ada Lovelace", "b"]),
            (#""a;b";c"#, ["a;b", "c"]), (#""a ""b""" ; c"#, [#"a "b""#, "c"]), (#"5" pipe;b"#, [#"5" pipe"#, "b"]),
            (#""open;b"#, [#""open"#, "b"]), (#""a"b;c"#, [#""a"b"#, "c"]), (#"" a ""#, [" a "]),
        ] as [(String, [String])]
    )
    func reading(cell: String, names: [String]) { #expect(ListText.names(in: cell) == names) }

    @Test("names with any characters survive being written to a cell and read back")
    func roundTrip() {
        let letters = ["a", ";", "|", "\"", " ", "é"]
        let two = letters.flatMap { first in letters.map { first + $0 } }
        let names = letters + two + two.flatMap { first in letters.map { first + $0 } }
        for name in names {
            #expect(ListText.names(in: ListText.joined([name, "x", name])) == [name, "x", name])
        }
    }
}
