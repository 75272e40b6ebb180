const {name, pay} = source.data
const lines = ["name,pay"]
for (let i = 0; i < name.length; i++) {
  lines.push(`${name[i]},${pay[i]}`)
}
const link = document.createElement("a")
link.href = URL.createObjectURL(new Blob([lines.join("\n") + "\n"], {type: "text/csv;charset=utf-8"}))
link.download = "people.csv"
link.dispatchEvent(new MouseEvent("click"))
