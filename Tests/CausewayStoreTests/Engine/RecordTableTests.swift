import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayStore

@Suite("Tables of records")
struct RecordTableTests {
    private struct Pet: Equatable {
        let id: Int
        var name: String
        var isTame: Bool
        var length = 0
    }

    private static let table = RecordTable<Pet>(
        "pets",
        [
            Column("id", .once) { SQLValue($0.id) }, Column("name") { .text($0.name) },
            .derived("name_folded") { .text($0.name.lowercased()) },
            .computed("length", by: "LENGTH(?)") { [.text($0.name)] }, .bool("is_tame", \.isTame),
            .readOnly("owner"),
        ]
    )

    @Test("statements take their columns and the order of their arguments from the table")
    func statements() throws {
        let insertion =
            "INSERT INTO pets (id, name, name_folded, length, is_tame) VALUES (?, ?, ?, LENGTH(?), ?)"
        #expect(Self.table.insertion == insertion)
        #expect(Self.table.selection("p") == "p.id, p.name, p.is_tame, p.owner")
        #expect(
            Self.table.saving(by: "id", "owner = NULL") == insertion
                + " ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_folded = excluded.name_folded, "
                + "length = excluded.length, is_tame = excluded.is_tame, owner = NULL"
        )
        #expect(
            Self.table.update(where: "id = ?")
                == "UPDATE pets SET name = ?, name_folded = ?, length = LENGTH(?), is_tame = ? WHERE id = ?"
        )
        let rex = Pet(id: 7, name: "Rex", isTame: true)
        let changes: [SQLValue] = [.text("Rex"), .text("rex"), .text("Rex"), .bool(true)]
        #expect(try Self.table.values(of: rex) == [.integer(7)] + changes)
        #expect(try Self.table.changes(to: rex) == changes)
    }
}
