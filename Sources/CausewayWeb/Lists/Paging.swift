import CausewayJSON

/// What the template `pages` shows: which rows these are, and the ways to others.
struct Paging: Sendable {
    let json: JSONValue

    init(_ pagination: JSONValue?, _ request: PageRequest, _ texts: Texts) {
        func number(_ name: String) -> Int { Int(pagination?[name]?.integer ?? 0) }
        func address(_ name: String) -> JSONValue {
            guard number(name) > 0 else { return .null }
            let query = request.query.text(replacing: ["page": "\(number(name))", "done": nil])
            return .string("\(request.address)?\(query)")
        }
        let range = "\(Formatting.number(number("start_index")))–\(Formatting.number(number("end_index")))"
        let count = number("count")
        json = [
            "count": .string(
                count == 0
                    ? "" : texts("lists.range", ["range": range, "count": Formatting.number(count)])
            ),
            "previous": address("previous"), "next": address("next"),
        ]
    }
}
