import { Sentence } from './sentence.tsx'

/** A few words each, one after the other with a dot between; where the line ends, the dot goes. */
export function DotList({ items }: { readonly items: readonly string[] }) {
  return (
    // The dot before the first of each line lies outside the box, and is cut off.
    <span className="block overflow-hidden">
      <span className="-ms-4 flex flex-wrap">
        {items.map((item) => (
          <span key={item} className="before:inline-block before:w-4 before:text-center before:content-['·']">
            <Sentence>{item}</Sentence>
          </span>
        ))}
      </span>
    </span>
  )
}
