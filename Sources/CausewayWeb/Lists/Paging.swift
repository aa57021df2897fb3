/// The content of the template `pages`: which rows are shown, and links to others.
struct Paging: TemplateValue {
    let count: String
    let previous: String?
    let next: String?
}

extension Paging {
    init(_ pagination: Pagination, _ request: PageRequest, _ texts: Texts) {
        func address(_ number: Int) -> String? {
            guard number > 0 else { return nil }
            let query = request.query.text(replacing: ["page": "\(number)", "done": nil])
            return "\(request.address)?\(query)"
        }
        let range = "\(texts.number(pagination.startIndex))–\(texts.number(pagination.endIndex))"
        count =
            pagination.count == 0
            ? "" : texts("lists.range", ["range": range, "count": texts.number(pagination.count)])
        previous = address(pagination.previous)
        next = address(pagination.next)
    }
}
